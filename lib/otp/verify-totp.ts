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

/** A code, and what it is checked against. */
export interface VerifyTotpInput extends TotpParameters {
  /** The user's secret: unpadded upper-case base32. */
  secret: string;
  /** What the user typed. Spaces and hyphens are ignored; anything but digits is refused. */
  code: string;
  /**
   * The time step that this function returned for the user's last accepted code. Without it a code works
   * again for as long as it is in the window (RFC 6238 §5.2 forbids that), so store it and pass it.
   */
  lastUsedStep?: number | null | undefined;
  /**
   * How many time steps before and after the present one are accepted, 0 to 10.
   *
   * @default 1
   */
  window?: number | undefined;
  /**
   * Tells the time.
   *
   * @default Date.now
   */
  now?: Clock | undefined;
}

const DEFAULT_WINDOW = 1;
const checkWindow = integerBetween(0, 10, "It counts time steps before and after the present one.");

export const VERIFY_OPTIONS = {
  secret: SECRET_OPTION,
  // It comes from a client: whatever it is, it is no mistake of the programmer.
  code: required((_, value) => value),
  lastUsedStep: optional((_, value) => checkLastUsedStep(value)),
  window: withDefault(DEFAULT_WINDOW, checkWindow),
  ...PARAMETER_OPTIONS,
  now: CLOCK_OPTION,
} satisfies OptionTable<VerifyTotpInput>;

/**
 * Checks a TOTP code (RFC 6238). The comparison takes the same time wherever a wrong code differs.
 *
 * @returns The time step of the accepted code, to be stored and passed as `lastUsedStep` next time;
 *   `undefined` where the code is wrong, malformed, or of a step that is not greater than `lastUsedStep`.
 *   A step can be 0 in a test, so compare with `undefined`.
 * @throws {@link TotpConfigError} where anything but `code` is missing or malformed.
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

/** -1 for none. `true` or `"5"` compare with numbers too, and would let a used code through. */
export function checkLastUsedStep(value: unknown): number {
  if (value === undefined || value === null) return -1;
  if (Number.isSafeInteger(value) && Number(value) >= 0) return Number(value);
  return invalid("lastUsedStep", "the integer that verifyTotp returned, or null", value);
}
