import express, { type Request, type Router } from "express";
import { createTotpRouter, type TotpService } from "express-totp-setup";
import { limitPasswords } from "../limit-passwords.js";
import { findByPassword, findUser, type User } from "../users.js";
import { issueTokens, readAccessToken } from "./tokens.js";

/** Returns the user of a request's access token. */
export function getUser(req: Request): User | undefined {
  return findUser(readAccessToken(req)?.sub);
}

export function createSignInRoutes(totp: TotpService<User>): Router {
  const router = express.Router();

  router.post("/login", express.json(), limitPasswords(), async (req, res) => {
    const user = await findByPassword(req.body?.email, req.body?.password);
    if (!user) return res.status(401).json({ code: 401, error: "Unauthorized" });
    const login = await totp.beginLogin(user.id, { deviceToken: req.body.device_token });
    if (!login.ok) return res.status(429).json({ code: 429, error: "Too Many Requests" });
    res.set("Cache-Control", "no-store");
    if (!login.isRequired) return res.json(issueTokens(user.id, ["pwd"]));
    return res.json({ requires_action: "totp", session_id: login.sessionId });
  });

  // The second step, `POST /auth/v1/verify-totp { session_id, code }`, and the routes of the enrollment.
  router.use(
    createTotpRouter({
      totp,
      getUser,
      // A token that was stolen a while ago cannot enroll a thief's phone.
      authorizeSetup: (_user, req) => secondsSinceSignIn(req) < 300,
      issueTokens: ({ userId }) => issueTokens(userId, ["pwd", "otp"]),
    }),
  );
  return router;
}

function secondsSinceSignIn(req: Request): number {
  return Date.now() / 1000 - (readAccessToken(req)?.iat ?? 0);
}
