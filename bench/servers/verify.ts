// The login route against a bare route that reads and answers JSON. The clock stands still and all users
// have one secret, so one code is right once for each of them.
import express, { type Express } from "express";
import { createMemoryStore, createTotpRouter, createTotpService } from "express-totp-setup";
import { TOTP } from "otpauth";

export const PATH = "/auth/v1/verify-totp";
export const NOW = Date.UTC(2026, 0, 1);
const SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";
export const RIGHT_CODE = new TOTP({ secret: SECRET }).generate({ timestamp: NOW });
export const WRONG_CODE = String((Number(RIGHT_CODE) + 1) % 1_000_000).padStart(6, "0");

export const LOCKED_USER = "locked";

const parameters = { algorithm: "SHA1", digits: 6, period: 30 };
const active = { secret: SECRET, ...parameters, createdAt: 0, lastUsedStep: 0, verifiedAt: 0 };
const ENROLLED = JSON.stringify({ version: 2, active });
const lockedUntil = NOW + 900_000;
const lockout = { wrongCodes: 5, lockedUntil, allowanceUsedUntil: lockedUntil, reportedAt: 0 };
const LOCKED = JSON.stringify({ version: 2, active, lockout });

export function ours(): Express {
  const memory = createMemoryStore({ now: () => NOW });
  const totp = createTotpService({
    now: () => NOW,
    store: {
      // A user who was never seen is enrolled; saves filling a store with millions of them.
      get: async (userId) =>
        (await memory.get(userId)) ?? (userId === LOCKED_USER ? LOCKED : ENROLLED),
      async compareAndSet(userId, expected, next, options) {
        const before = (await memory.get(userId)) === undefined ? undefined : expected;
        return memory.compareAndSet(userId, before, next, options);
      },
    },
  });
  const app = express();
  app.use(
    createTotpRouter({
      totp,
      authenticate: () => null,
      resolveLoginSession: async (sessionId) => sessionId,
    }),
  );
  return app;
}

export function bare(): Express {
  const app = express();
  app.post(PATH, express.json(), async (req, res) => {
    if (typeof req.body.session_id !== "string" || typeof req.body.code !== "string") {
      return void res.status(400).json({ error: "Bad Request" });
    }
    res.json({});
  });
  return app;
}
