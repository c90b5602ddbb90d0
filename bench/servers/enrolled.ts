// A service over which every user is enrolled with one secret. The clock stands still, so one code is right once for
// each of them.
import { createMemoryStore, createTotpService, type TotpService } from "express-totp-setup";
import { TOTP } from "otpauth";

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

export function createEnrolledService(): TotpService {
  const memory = createMemoryStore({ now: () => NOW });
  return createTotpService({
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
}
