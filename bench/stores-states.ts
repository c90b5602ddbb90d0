// What the service keeps of a user, as text: made here by the thousand, by the service itself once.
import { randomBytes } from "node:crypto";
import {
  createMemoryStore,
  createTotpService,
  type TotpServiceOptions,
  type TotpStore,
} from "express-totp-setup";
import { Secret, TOTP } from "otpauth";

export const START = Date.UTC(2026, 0, 1);
export const SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";
const authenticator = new TOTP({ secret: Secret.fromBase32(SECRET) });

/** All users have one secret here, and so one code. */
export const codeAt = (timestamp: number) => authenticator.generate({ timestamp });

/** An enrollment with ten backup codes, to the letter as the service writes it, with a salt of its own. */
export function drawState(): string {
  const secret = { secret: SECRET, algorithm: "SHA1", digits: 6, period: 30 };
  const times = { createdAt: START, verifiedAt: START, lastUsedStep: START / 30_000 - 1 };
  const text = () => randomBytes(16).toString("base64url");
  const backupCodes = { salt: text(), hashes: Array.from({ length: 10 }, text) };
  return JSON.stringify({ version: 2, active: { ...secret, ...times }, backupCodes });
}

/** A service over memory, whose calls of the store are counted and whose values can be seen. */
export function createCounted(options: Partial<TotpServiceOptions> = {}) {
  const memory = createMemoryStore({ now: () => START });
  const calls = { get: 0, compareAndSet: 0 };
  let value: string | undefined;
  const store: TotpStore = {
    get(userId) {
      calls.get++;
      return memory.get(userId);
    },
    compareAndSet(userId, expected, next, rest) {
      calls.compareAndSet++;
      value = next;
      return memory.compareAndSet(userId, expected, next, rest);
    },
  };
  let now = START;
  const clock = () => now;
  const totp = createTotpService({ issuer: "Acme", qrCode: "uri", ...options, now: clock, store });
  return {
    totp,
    /** How often the store was read and written in a call. */
    async count(call: () => Promise<unknown>): Promise<string> {
      const before = { ...calls };
      await call();
      return `${calls.get - before.get} read, ${calls.compareAndSet - before.compareAndSet} written`;
    },
    advance: (seconds: number) => {
      now += seconds * 1000;
    },
    now: clock,
    value: () => value ?? "",
  };
}
