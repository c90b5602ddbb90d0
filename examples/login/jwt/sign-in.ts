import express, { type Router } from "express";
import { createTotpRouter, type TotpService } from "express-totp-setup";
import { findByPassword, findUser, type User } from "../users.js";
import { issueSessionId, issueTokens, readAccessToken, readSessionId } from "./tokens.js";

/** Whose access token it is, by the value of the `Authorization` header. */
export function authenticate(authorization: string): User | undefined {
  return findUser(readAccessToken(authorization)?.sub);
}

export function createSignInRoutes(totp: TotpService<User>): Router {
  const router = express.Router();

  router.post("/login", express.json(), async (req, res) => {
    const user = await findByPassword(req.body?.email, req.body?.password);
    if (!user) return res.status(401).json({ code: 401, error: "Unauthorized" });
    const { isEnabled } = await totp.status(user.id);
    res.set("Cache-Control", "no-store");
    return res.json(isEnabled ? issueSessionId(user.id) : issueTokens(user.id, ["pwd"]));
  });

  // The second step, `POST /auth/v1/verify-totp { session_id, code }`, and the routes of the enrollment.
  router.use(
    createTotpRouter({
      totp,
      apiKeyHeader: "Authorization",
      authenticate,
      resolveLoginSession: (sessionId) => findUser(readSessionId(sessionId)?.sub),
      issueTokens: ({ user }) => issueTokens(user.id, ["pwd", "otp"]),
    }),
  );
  return router;
}
