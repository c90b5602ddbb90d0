import type { NextFunction, Request, Response, Router } from "express";
import createHttpError from "http-errors";
import { sendError, toErrorResponse } from "./error-response.js";
import type { Report } from "./report.js";

/** Answers a request. Whatever it throws is answered for it. */
export type Handler = (req: Request, res: Response) => Promise<void>;

/**
 * Mounts a path with one handler a method; other methods get a 405. Errors are answered here, in the
 * documented shape, and never reach the app's error handler: Express 4 does not catch rejections.
 */
export function mountEndpoint(
  router: Router,
  path: string,
  handlers: Readonly<Record<string, Handler>>,
  report: Report,
): void {
  const allow = Object.keys(handlers).join(", ");
  const notAllowed = toErrorResponse(
    createHttpError(405, `Use ${allow}`, { headers: { Allow: allow } }),
  );
  router.all(path, (req: Request, res: Response) => {
    const handler = Object.hasOwn(handlers, req.method) ? handlers[req.method] : undefined;
    if (!handler) return sendError(res, notAllowed);
    handler(req, res).catch((error: unknown) => respondWithError(error, req, res, report));
  });
  // Express itself refuses a path parameter that it cannot decode, such as %E0%A4%A.
  router.use((error: unknown, req: Request, res: Response, _next: NextFunction) =>
    respondWithError(error, req, res, report),
  );
}

/** Answers an error that a request ended in. */
export function respondWithError(
  error: unknown,
  req: Request,
  res: Response,
  report: Report,
): void {
  const answer = toErrorResponse(error);
  if (answer.status >= 500) report(error, req);
  sendError(res, answer);
}
