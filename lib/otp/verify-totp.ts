import { integerBetween, invalid } from "../base/checks.js";
import { CLOCK_OPTION, type Clock, readClock } from "../base/clock.js";
import {
  type OptionTable,
  optional,
  required,
  resolveOptions,
  withDefault,
} from "../base/options.js";
import { PARAMETER_OPTIONS, type TotpParameters } from "./parameters.js";
import { SECRET_OPTION } from "./secret.js";
import { findTimeStep, timeStepAt } from "./time-step.js";
import { isDigits, stripTypedCode } from "./typed-code.js";

/**
 * Input of {@link verifyTotp}.
 *
 * @example
 * ```ts
 * const input: VerifyTotpInput = { secret, code: req.body.code, lastUsedStep: user.lastUsedStep };
 * const step = verifyTotp(input);
 * ```
 */
export interface VerifyTotpInput extends TotpParameters {
  /** The user's secret, in unpadded upper-case base32. */
  secret: string;
  /** The code as the user typed it. White space and hyphens are ignored. */
  code: string;
  /**
   * The return value of this function for the user's last accepted code. Store it and pass it: without it, a code works
   * again for as long as it is in the window, which RFC 6238 §5.2 forbids.
   */
  lastUsedStep?: number | null | undefined;
  /**
   * Time steps before and after the current one that are accepted, 0 to 10.
   *
   * @default 1
   */
  window?: number | undefined;
  /**
   * Clock, for tests.
   *
   * @default Date.now
   */
  now?: Clock | undefined;
}

const DEFAULT_WINDOW = 1;
const checkWindow = integerBetween(0, 10, "It counts time steps before and after the current one.");

export const VERIFY_OPTIONS = {
  secret: SECRET_OPTION,
  // Sent by a client, so an invalid one is not a configuration error.
  code: required((_, value) => value),
  lastUsedStep: optional((_, value) => checkLastUsedStep(value)),
  window: withDefault(DEFAULT_WINDOW, checkWindow),
  ...PARAMETER_OPTIONS,
  now: CLOCK_OPTION,
} satisfies OptionTable<VerifyTotpInput>;

/**
 * Verifies a TOTP code (RFC 6238). Codes are compared in constant time.
 *
 * @returns The time step of the accepted code: the number of periods since 1970. Store it, and pass it as
 *   `lastUsedStep` next time. `undefined` if the code is wrong, malformed, or was used already, that is, if its step is
 *   not greater than `lastUsedStep`. A step can be 0 in a test, so compare with `undefined`.
 * @throws {@link TotpConfigError} if the secret or an option is invalid. Never because of `code`.
 * @example
 * ```ts
 * const step = verifyTotp({ secret: user.secret, code: "123456", lastUsedStep: user.lastUsedStep });
 * if (step === undefined) throw new Error("wrong code");
 * user.lastUsedStep = step;
 * ```
 */
export function verifyTotp(input: VerifyTotpInput): number | undefined {
  const resolved = resolveOptions("verifyTotp", VERIFY_OPTIONS, input);
  const { secret, lastUsedStep = -1, window, now, code: given, ...parameters } = resolved;
  const current = timeStepAt(readClock(now), parameters.period);
  const code = stripTypedCode(given);
  if (code === undefined || !isDigits(code, parameters.digits)) return undefined;
  const step = findTimeStep(secret, code, current - window, current + window, parameters);
  return (step ?? -1) > lastUsedStep ? step : undefined;
}

/** Returns -1 for none. Rejects `true` and `"5"`, which would compare with numbers and let a used code through. */
export function checkLastUsedStep(value: unknown): number {
  if (value === undefined || value === null) return -1;
  if (Number.isSafeInteger(value) && Number(value) >= 0) return Number(value);
  return invalid("lastUsedStep", "the return value of verifyTotp, an integer, or null", value);
}
