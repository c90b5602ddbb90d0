import { readClock } from "../../base/clock.js";
import { describeKind } from "../../base/describe.js";
import { generateTotp } from "../../otp/generate-totp.js";
import { createTestAuthenticator, readUri } from "../authenticator.js";
import type { AppConfig } from "./options.js";
import type { TestUser } from "./two-factor-app.js";

/** A user with two-factor on, and the phone. */
export interface Enrolled {
  user: TestUser;
  /** As it is in the URI. */
  secret: string;
  /** A code that is right now, and has never been used. */
  freshCode(): Promise<string>;
  /** The code of another time, by how many seconds from now. */
  codeAt(seconds: number): string;
  /** Codes that are right at no time around now. */
  wrongCodes(count: number): string[];
  backupCode(index: number): string;
}

/** How far around now no wrong code is right, in time steps; further than any app should look. */
const FAR = 6;

export function createEnrolled(user: TestUser, { advance, now }: AppConfig): Enrolled {
  const uri = uriOf(user);
  const authenticator = createTestAuthenticator(uri, { now });
  const parameters = readUri(uri);
  const { period, digits, secret } = parameters;
  // Used up, if it is the one of now.
  const isOfNow = user.confirmationCode === generateTotp({ ...parameters, now });
  if (isOfNow && !advance) authenticator.nextCode();

  async function move(): Promise<void> {
    const before = readClock(now);
    await advance?.(period);
    if (advance && readClock(now) - before < (period - 1) * 1000) {
      const seen = `advance(${period}) did not move the clock of the option now`;
      throw new TypeError(`${seen}: give now, the clock of the app.`);
    }
  }

  function codeAt(seconds: number): string {
    return generateTotp({ ...parameters, now: () => readClock(now) + seconds * 1000 });
  }

  return {
    user,
    secret,
    codeAt,
    async freshCode() {
      await move();
      return authenticator.nextCode();
    },
    wrongCodes(count) {
      const offsets = Array.from({ length: 2 * FAR + 1 }, (_, index) => index - FAR);
      const right = new Set(offsets.map((offset) => codeAt(offset * period)));
      const wrong: string[] = [];
      for (let guess = 0; wrong.length < count; guess++) {
        const code = String(guess).padStart(digits, "0");
        if (!right.has(code)) wrong.push(code);
      }
      return wrong;
    },
    backupCode(index) {
      const code: unknown = user.backupCodes?.[index];
      if (typeof code === "string" && code !== "") return code;
      const expected = "at least three backupCodes, as there is a sendBackupCode";
      throw new TypeError(
        `createUser: expected ${expected}, got ${describeKind(user.backupCodes)}`,
      );
    },
  };
}

function uriOf(user: unknown): string {
  const { secret, otpauthUri } = (user ?? {}) as TestUser;
  if (typeof otpauthUri === "string") return otpauthUri;
  if (typeof secret === "string") return uriOfSecret(secret);
  const expected = "a user with the TOTP secret as secret, or with an otpauthUri";
  throw new TypeError(`createUser: expected ${expected}, got ${describeKind(user)}.`);
}

/** A secret as the app shows it: groups, lower case and padding are none of its meaning. */
export function uriOfSecret(shown: string): string {
  if (shown.startsWith("otpauth:")) return shown;
  const secret = shown.replace(/[\s=-]/g, "").toUpperCase();
  return `otpauth://totp/test?secret=${secret}`;
}
