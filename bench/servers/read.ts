// The status route and a guarded route against bare routes that send as much. The API key is the user's id.
import express, { type Express } from "express";
import { createTotpRouter, requireTotp } from "express-totp-setup";
import { createEnrolledService } from "./enrolled.js";

export const STATUS_PATH = "/auth/v1/users/current/totp/status";
export const GUARDED_PATH = "/transfers";

const STATUS = {
  enabled: true,
  created_at: "1970-01-01T00:00:00.000Z",
  last_used_at: null,
  backup_codes_remaining: 0,
};

export function ours(): Express {
  const totp = createEnrolledService();
  const authenticate = async (apiKey: string) => apiKey;
  const app = express();
  app.use(createTotpRouter({ totp, authenticate }));
  app.post(GUARDED_PATH, requireTotp({ totp, authenticate }), (_req, res) => {
    res.json({ done: true });
  });
  return app;
}

export function bare(): Express {
  const app = express();
  app.get(STATUS_PATH, async (req, res) => {
    if (req.get("X-API-Key")) return void res.json(STATUS);
    res.sendStatus(401);
  });
  app.post(GUARDED_PATH, async (req, res) => {
    if (req.get("X-API-Key") && req.get("X-TOTP-Code")) return void res.json({ done: true });
    res.sendStatus(403);
  });
  return app;
}
