import type { Request, RequestHandler } from "express";
import type { TotpService } from "express-totp-setup";
import { startSession } from "./sessions.js";
import type { User, Users } from "./users.js";

/** Gives the views who is signed in, and what the request before left to be said. */
export function loadVisitor(users: Users, totp: TotpService<User>): RequestHandler {
  return async (req, res, next) => {
    const { notice } = req.session;
    if (req.method === "GET" && notice) {
      res.locals.notice = notice;
      delete req.session.notice;
    }
    await endOlderSession(totp, req);
    const { userId } = req.session;
    res.locals.user = userId && (await users.findById(userId));
    next();
  };
}

/** Ends a session from before TOTP was turned on, or moved to another phone: nobody gave a code in it. */
async function endOlderSession(totp: TotpService<User>, req: Request): Promise<void> {
  const { userId, signedInAt = 0 } = req.session;
  if (!userId) return;
  const { createdAt } = await totp.status(userId);
  if (!createdAt || createdAt.getTime() <= signedInAt) return;
  const text = "Two-factor authentication was set up on another device. Sign in again.";
  await startSession(req, { notice: { kind: "bad", text } });
}

/** Lets in who is signed in. A session that waits for its second step is not. */
export const requireSignedIn: RequestHandler = (_req, res, next) => {
  if (res.locals.user) return next();
  res.redirect(303, "/sign-in");
};
