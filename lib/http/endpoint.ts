import type { NextFunction, Request, Response, Router } from "express";
import createHttpError from "http-errors";
import type { Respond } from "./respond.js";

/** Handles a request. If it throws, the error becomes the response. */
export type Handler = (req: Request, res: Response) => Promise<void>;

/**
 * Mounts a path with one handler per method. HEAD uses the handler of GET, and other methods result in a 405. Errors
 * are handled here, because Express 4 does not catch rejections.
 */
export function mountEndpoint(
  router: Router,
  path: string,
  handlers: Readonly<Record<string, Handler>>,
  respond: Respond,
): void {
  const byMethod = handlers.GET ? { ...handlers, HEAD: handlers.GET } : handlers;
  const allow = Object.keys(byMethod).join(", ");
  router.all(path, (req: Request, res: Response, next: NextFunction) => {
    const handler = Object.hasOwn(byMethod, req.method) ? byMethod[req.method] : undefined;
    if (handler) handler(req, res).catch((error: unknown) => respond(error, req, res, next));
    else respond(notAllowed(allow), req, res, next);
  });
  // Express itself rejects a path parameter that it cannot decode, such as %E0%A4%A.
  router.use((error: unknown, req: Request, res: Response, next: NextFunction) =>
    respond(error, req, res, next),
  );
}

function notAllowed(allow: string): Error {
  return createHttpError(405, `Use ${allow}`, { headers: { Allow: allow } });
}
