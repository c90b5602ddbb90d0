import { CLOCK_OPTION, type Clock, readClock } from "../base/clock.js";
import { type OptionTable, resolveOptions } from "../base/options.js";
import { PARAMETER_OPTIONS, type TotpParameters } from "./parameters.js";
import { SECRET_OPTION } from "./secret.js";
import { computeCode } from "./speakeasy.js";
import { timeStepAt } from "./time-step.js";

/**
 * Input of {@link generateTotp}.
 *
 * @example
 * ```ts
 * const input: GenerateTotpInput = { secret: generateSecret(), digits: 8, now: () => new Date("2026-01-01") };
 * const code = generateTotp(input);
 * ```
 */
export interface GenerateTotpInput extends TotpParameters {
  /** The secret, in unpadded upper-case base32. */
  secret: string;
  /**
   * Clock, for tests.
   *
   * @default Date.now
   */
  now?: Clock | undefined;
}

export const GENERATE_OPTIONS = {
  secret: SECRET_OPTION,
  ...PARAMETER_OPTIONS,
  now: CLOCK_OPTION,
} satisfies OptionTable<GenerateTotpInput>;

/**
 * Computes the TOTP code (RFC 6238) that an authenticator app shows. For tests and command-line tools.
 *
 * @returns A string of 6 or 8 digits.
 * @throws {@link TotpConfigError} if an option is missing, unknown, or invalid.
 * @example
 * ```ts
 * const code = generateTotp({ secret: setup.secret });
 * ```
 */
export function generateTotp(input: GenerateTotpInput): string {
  const { secret, now, algorithm, digits, period } = resolveOptions(
    "generateTotp",
    GENERATE_OPTIONS,
    input,
  );
  return computeCode(secret, timeStepAt(readClock(now), period), algorithm, digits);
}
