import type { Request, RequestHandler } from "express";
import type { TotpService } from "express-totp-setup";
import { startSession } from "./sessions.js";
import type { User, Users } from "./users.js";

/** Gives the views who is signed in, and what the request before left to be said. */
export function loadVisitor(users: Users, totp: TotpService<User>): RequestHandler {
  return async (req, res, next) => {
    await endOlderSession(totp, req);
    const { userId } = req.session;
    res.locals.user = userId && (await users.findById(userId));
    // Taken when a view is rendered: a redirect or a style sheet says nothing.
    Object.defineProperty(res.locals, "notice", { enumerable: true, get: () => takeNotice(req) });
    next();
  };
}

function takeNotice({ session }: Request) {
  const { notice } = session;
  delete session.notice;
  return notice;
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
