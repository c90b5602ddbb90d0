import express, { type Request, type Router } from "express";
import {
  createTotpRouter,
  type Freshness,
  readDeviceToken,
  type TotpService,
} from "express-totp-setup";
import passport from "passport";
import { limitPasswords } from "../limit-passwords.js";
import { findUser, type User } from "../users.js";

declare module "express-session" {
  interface SessionData {
    signedInAt: number;
  }
}

export function createSignInRoutes(totp: TotpService<User>, freshness: Freshness): Router {
  const router = express.Router();

  // Without `session: false`, Passport would sign in whoever has the password.
  const checkPassword = passport.authenticate("local", { session: false });
  router.post("/login", express.json(), limitPasswords(), checkPassword, async (req, res) => {
    const user = req.user as User;
    const login = await totp.beginLogin(user.id, { deviceToken: readDeviceToken(req) });
    if (!login.ok) return res.sendStatus(429);
    if (login.isRequired) {
      return res.json({ requires_action: "totp", session_id: login.sessionId });
    }
    await signIn(req, user);
    return res.json({ signed_in: true });
  });

  // The second step, `POST /auth/v1/verify-totp { session_id, code }`, and the routes of the enrollment.
  router.use(
    createTotpRouter({
      totp,
      getUser: (req) => req.user,
      freshness,
      deviceCookie: true,
      // A session that was stolen a while ago cannot enroll a thief's phone.
      authorizeSetup: (_user, req) => Date.now() - Number(req.session.signedInAt) < 300_000,
      issueTokens: async ({ userId, req }) => {
        await signIn(req, findUser(userId) as User);
        return { signed_in: true };
      },
    }),
  );
  return router;
}

/** Passport begins a new session, so that an id which somebody planted before is worth nothing. */
function signIn(req: Request, user: User): Promise<void> {
  return new Promise((resolve, reject) => {
    req.login(user, (error) => {
      if (error) return reject(error);
      req.session.signedInAt = Date.now();
      resolve();
    });
  });
}
