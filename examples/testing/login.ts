// An app that signs users in with a session and TOTP, for the attacks of attack.test.ts.
import express, { type Express, type Request } from "express";
import session from "express-session";
import { createTotpRouter, requireTotp, type TotpService } from "express-totp-setup";

declare module "express-session" {
  interface SessionData {
    userId: string;
  }
}

export function createLoginApp(totp: TotpService): Express {
  const getUser = (req: Request) => req.session.userId;
  const app = express();
  app.use(session({ secret: "of a test", resave: false, saveUninitialized: false }));
  app.post("/login", express.json(), async (req, res) => {
    // A real app verifies a password here.
    const login = await totp.beginLogin(req.body.email);
    if (login.ok && login.isRequired) return res.json({ session_id: login.sessionId });
    return res.sendStatus(403);
  });
  const issueTokens = async ({ userId, req }: { userId: unknown; req: Request }) => {
    // A new session id, so that one which somebody planted before is worth nothing.
    await new Promise((resolve) => req.session.regenerate(resolve));
    req.session.userId = String(userId);
    return {};
  };
  app.use(createTotpRouter({ totp, getUser, authorizeSetup: "any-session", issueTokens }));
  app.get("/account", (req, res) => {
    res.sendStatus(req.session.userId ? 200 : 401);
  });
  app.post("/transfers", requireTotp({ totp, getUser }), (_req, res) => {
    res.sendStatus(204);
  });
  return app;
}
