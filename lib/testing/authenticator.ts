import { CLOCK_OPTION, type Clock, readClock } from "../base/clock.js";
import { describeKind } from "../base/describe.js";
import { TotpConfigError } from "../base/errors.js";
import { type OptionTable, resolveOptions } from "../base/options.js";
import { GENERATE_OPTIONS, generateTotp } from "../otp/generate-totp.js";
import type { TotpAlgorithm, TotpDigits } from "../otp/parameters.js";
import { timeStepAt } from "../otp/time-step.js";

/**
 * Options of {@link createTestAuthenticator}.
 *
 * @example
 * ```ts
 * let time = Date.now();
 * const options: TestAuthenticatorOptions = { now: () => time };
 * const authenticator = createTestAuthenticator(setup.otpauthUri, options);
 * time += authenticator.waitMs();
 * ```
 */
export interface TestAuthenticatorOptions {
  /**
   * Clock. If the service has a clock of its own, pass the same one.
   *
   * @default Date.now
   */
  now?: Clock | undefined;
}

/**
 * Generates codes like an authenticator app. Created by {@link createTestAuthenticator}.
 *
 * @example
 * ```ts
 * const authenticator: TestAuthenticator = createTestAuthenticator(setup.otpauthUri);
 * await totp.confirm(user.id, authenticator.nextCode());
 * await totp.verify(user.id, authenticator.nextCode());
 * ```
 */
export interface TestAuthenticator {
  /**
   * Returns a code that is accepted now and was not returned before: the one of the current time step, or else of the
   * next one, which a service accepts with its default `window` of 1.
   *
   * @throws An Error that says how many milliseconds to wait, if both were returned already.
   */
  nextCode(): string;
  /** Returns the milliseconds to wait until `nextCode` has a code. 0 if it has one now. */
  waitMs(): number;
}

export const AUTHENTICATOR_OPTIONS = {
  now: CLOCK_OPTION,
} satisfies OptionTable<TestAuthenticatorOptions>;

/**
 * Creates an authenticator for the tests of an app from the `otpauth://` URI of a setup.
 *
 * @param otpauthUri - `otpauthUri` of `beginSetup`, or `otpauth_uri` of the setup route.
 * @throws `TotpConfigError` if it is not an `otpauth://totp/` URI, or an option is invalid.
 * @example
 * ```ts
 * const authenticator = createTestAuthenticator(setup.otpauthUri);
 * await totp.confirm(user.id, authenticator.nextCode());
 * ```
 */
export function createTestAuthenticator(
  otpauthUri: string,
  options: TestAuthenticatorOptions = {},
): TestAuthenticator {
  const { now } = resolveOptions("createTestAuthenticator", AUTHENTICATOR_OPTIONS, options);
  const parameters = readUri(otpauthUri);
  const periodMs = parameters.period * 1000;
  const codeOf = (step: number) => generateTotp({ ...parameters, now: () => step * periodMs });
  let last = { step: -1, code: "" };

  function next(): { step: number; code: string; waitMs: number } {
    const time = readClock(now);
    let step = Math.max(last.step + 1, timeStepAt(time, parameters.period));
    // One time in a million, two steps in a row have the same code, which a service accepts once.
    if (codeOf(step) === last.code) step += 1;
    return { step, code: codeOf(step), waitMs: Math.max((step - 1) * periodMs - time, 0) };
  }

  return {
    waitMs: () => next().waitMs,
    nextCode() {
      const { step, code, waitMs } = next();
      if (waitMs > 0)
        throw new Error(`All current codes were used; wait ${waitMs} ms for the next`);
      last = { step, code };
      return code;
    },
  };
}

/** Reads the parameters of a URI. Omitted ones have their default. */
export function readUri(uri: unknown) {
  if (typeof uri !== "string" || !uri.startsWith("otpauth://totp/") || !URL.canParse(uri)) {
    throw new TotpConfigError("INVALID_OPTION", "otpauthUri", {
      expected: "an otpauth://totp/ URI",
      got: describeKind(uri),
      fix: "Set otpauthUri: true on the router, or use createOtpauthUri.",
    });
  }
  const { searchParams } = new URL(uri);
  const parameters = {
    secret: searchParams.get("secret") ?? "",
    algorithm: (searchParams.get("algorithm") ?? "SHA1") as TotpAlgorithm,
    digits: Number(searchParams.get("digits") ?? 6) as TotpDigits,
    period: Number(searchParams.get("period") ?? 30),
  };
  // Now rather than at the first code, so that the stack trace shows where the URI comes from.
  resolveOptions("otpauthUri", GENERATE_OPTIONS, parameters);
  return parameters;
}
