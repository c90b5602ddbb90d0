import { readClock } from "../../base/clock.js";
import { describeKind } from "../../base/describe.js";
import { generateTotp } from "../../otp/generate-totp.js";
import { createTestAuthenticator, readUri } from "../authenticator.js";
import type { AppConfig } from "./options.js";
import type { TestUser } from "./two-factor-app.js";

/** A user with two-factor on, and the codes of the phone. */
export interface Enrolled {
  user: TestUser;
  /** In base32, as in the URI. */
  secret: string;
  /** Returns a code that is correct now and was never returned before. */
  freshCode(): Promise<string>;
  /** Returns the code of a time that is `seconds` from now. */
  codeAt(seconds: number): string;
  /** Returns codes that are wrong now and in the time steps around it. */
  wrongCodes(count: number): string[];
  backupCode(index: number): string;
}

/** How many time steps before and after now a wrong code is wrong, more than any app should accept. */
const FAR = 6;

export function createEnrolled(user: TestUser, { advance, now }: AppConfig): Enrolled {
  const uri = uriOf(user);
  const authenticator = createTestAuthenticator(uri, { now });
  const parameters = readUri(uri);
  const { period, digits, secret } = parameters;
  // If it is the current code, it is used.
  const isOfNow = user.confirmationCode === generateTotp({ ...parameters, now });
  if (isOfNow && !advance) authenticator.nextCode();

  async function move(): Promise<void> {
    const before = readClock(now);
    await advance?.(period);
    if (advance && readClock(now) - before < (period - 1) * 1000) {
      const seen = `advance(${period}) did not move the clock of the option now`;
      throw new TypeError(`${seen}. Set now to the clock of the app.`);
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
      const correct = new Set(offsets.map((offset) => codeAt(offset * period)));
      const guesses = Array.from({ length: count + correct.size }, (_, guess) =>
        String(guess).padStart(digits, "0"),
      );
      return guesses.filter((guess) => !correct.has(guess)).slice(0, count);
    },
    backupCode(index) {
      const code: unknown = user.backupCodes?.[index];
      if (typeof code === "string" && code !== "") return code;
      const expected = "at least three backupCodes, because sendBackupCode is set";
      throw new TypeError(
        `createUser: expected ${expected}, got ${describeKind(user.backupCodes)}.`,
      );
    },
  };
}

function uriOf(user: unknown): string {
  const { secret, otpauthUri } = (user ?? {}) as TestUser;
  if (typeof otpauthUri === "string") return otpauthUri;
  if (typeof secret === "string") return uriOfSecret(secret);
  const expected = "a user with a secret or an otpauthUri";
  throw new TypeError(`createUser: expected ${expected}, got ${describeKind(user)}.`);
}

/** Returns the URI for a secret as the app shows it, such as in groups, in lower case, or with padding. */
export function uriOfSecret(shown: string): string {
  if (shown.startsWith("otpauth:")) return shown;
  const secret = shown.replace(/[\s=-]/g, "").toUpperCase();
  return `otpauth://totp/test?secret=${secret}`;
}
