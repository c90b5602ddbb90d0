// What the setup route is measured against. All authenticate alike and save into a Map.
import express, { type Express, type Request } from "express";
import { createTotpSetupRouter } from "express-totp-setup";
import QRCode from "qrcode";
import speakeasy from "speakeasy";

export const API_KEY = "demo-key";
export const PATH = "/auth/v1/users/current/totp/setup";
const users = new Map([[API_KEY, { id: "user-1", accountName: "alice@example.com" }]]);
const findUser = (req: Request) => users.get(req.get("X-API-Key") ?? "");

export function ours(): Express {
  const pending = new Map<string, string>();
  const app = express();
  app.use(
    createTotpSetupRouter({
      issuer: "Acme",
      authenticate: (apiKey) => users.get(apiKey),
      savePendingSecret: async (userId, secret) => void pending.set(userId, secret),
    }),
  );
  return app;
}

/** The handler that most apps have. */
export function handWritten(): Express {
  const pending = new Map<string, string>();
  const app = express();
  app.post(PATH, async (req, res) => {
    const user = findUser(req);
    if (!user) return void res.status(401).json({ error: "Unauthorized" });
    const secret = speakeasy.generateSecret({ name: user.accountName, issuer: "Acme" });
    pending.set(user.id, secret.base32);
    const url = await QRCode.toDataURL(secret.otpauth_url ?? "");
    res.json({ qr_code_url: url, secret: secret.base32 });
  });
  return app;
}

/** Nothing but Express: a body of the size of ours, or its 401. */
export function bare(): Express {
  const answer = { qr_code_url: "x".repeat(522), secret: "A".repeat(32) };
  const app = express();
  app.post(PATH, async (req, res) => {
    if (findUser(req)) return void res.json(answer);
    res.status(401).json({
      code: 401,
      details: "The provided ID is not valid",
      error: "Unauthorized",
    });
  });
  return app;
}
