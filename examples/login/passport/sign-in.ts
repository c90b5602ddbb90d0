import express, { type Request, type Router } from "express";
import type { TotpService } from "express-totp-setup";
import passport from "passport";
import { findUser, type User } from "../users.js";
import { refuse, withUser } from "./responses.js";

declare module "express-session" {
  interface SessionData {
    /** Whose password was right, and until when a code may follow. */
    waiting: { userId: string; until: number };
  }
}

const WAITING_MS = 5 * 60_000;

export function createSignInRoutes(totp: TotpService<User>): Router {
  const router = express.Router();

  // Without `session: false`, Passport would sign in whoever has the password.
  const checkPassword = passport.authenticate("local", { session: false });
  const afterPassword = withUser(async (user, req, res) => {
    const { isEnabled } = await totp.status(user.id);
    if (isEnabled) await waitForCode(req, user);
    else await signIn(req, user);
    res.json(isEnabled ? { signed_in: false, requires_action: "totp" } : { signed_in: true });
  });
  router.post("/login", checkPassword, afterPassword);

  router.post("/login/code", async (req, res) => {
    const { waiting } = req.session;
    const user = waiting && waiting.until > Date.now() ? findUser(waiting.userId) : undefined;
    if (!user) return refuse(res, 401, { reason: "password_required" });
    const outcome = await totp.verify(user.id, req.body?.code);
    if (!outcome.ok) return refuse(res, 401, outcome);
    await signIn(req, user);
    res.json({ signed_in: true, backup_codes_remaining: outcome.backupCodesRemaining });
  });
  return router;
}

/** Begins a new session that is nobody's yet: no guard looks at `waiting`. */
function waitForCode(req: Request, user: User): Promise<void> {
  return new Promise((resolve, reject) => {
    req.session.regenerate((error) => {
      if (error) return reject(error);
      req.session.waiting = { userId: user.id, until: Date.now() + WAITING_MS };
      resolve();
    });
  });
}

/** Passport begins a new session here too, so that `waiting` is gone. */
function signIn(req: Request, user: User): Promise<void> {
  return new Promise((resolve, reject) => {
    req.login(user, (error) => (error ? reject(error) : resolve()));
  });
}
