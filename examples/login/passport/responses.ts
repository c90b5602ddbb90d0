import type { Request, RequestHandler, Response } from "express";

/** A handler for who is signed in. Whoever waits for the second step has no `req.user`, and gets a 401. */
export function withUser(
  handle: (user: Express.User, req: Request, res: Response) => unknown,
): RequestHandler {
  return (req, res) => (req.user ? handle(req.user, req, res) : res.sendStatus(401));
}

/** Answers an outcome that is not `ok`: 429 where the user has to wait, else the status given. */
export function refuse(
  res: Response,
  status: number,
  { reason, retryAfterSeconds }: { reason: string; retryAfterSeconds?: number },
): void {
  if (retryAfterSeconds !== undefined) res.set("Retry-After", String(retryAfterSeconds));
  res.status(retryAfterSeconds === undefined ? status : 429).json({ error: reason });
}
