import {
  callback,
  integerBetween,
  invalid,
  optionsObject,
  rejectUnknownOptions,
} from "../base/checks.js";
import { type Clock, readClock } from "../base/clock.js";
import { resolveParameters, type TotpParameters } from "./parameters.js";
import { decodeSecret } from "./secret.js";
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
  window?: number;
  /**
   * Tells the time.
   *
   * @default Date.now
   */
  now?: Clock;
}

const INPUT_NAMES = [
  "secret",
  "code",
  "lastUsedStep",
  "window",
  "algorithm",
  "digits",
  "period",
  "now",
];

export const DEFAULT_WINDOW = 1;
export const checkWindow = integerBetween(
  0,
  10,
  "It counts time steps before and after the present one.",
);
const checkClock = callback<Clock>("() => number | Date");

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
  rejectUnknownOptions(optionsObject(input, "verifyTotp"), INPUT_NAMES);
  const parameters = resolveParameters(input);
  const key = decodeSecret(input.secret);
  const window = checkWindow("window", input.window ?? DEFAULT_WINDOW);
  const lastUsedStep = checkLastUsedStep(input.lastUsedStep);
  const now = readClock(checkClock("now", input.now ?? Date.now));

  const code = stripTypedCode(input.code);
  if (code === undefined || !isDigits(code, parameters.digits)) return undefined;
  const present = timeStepAt(now, parameters.period);
  const step = findTimeStep(key, code, present - window, present + window, parameters);
  return step !== undefined && step > lastUsedStep ? step : undefined;
}

/** -1 for none. `true` or `"5"` compare with numbers too, and would let a used code through. */
export function checkLastUsedStep(value: unknown): number {
  if (value === undefined || value === null) return -1;
  if (Number.isSafeInteger(value) && Number(value) >= 0) return Number(value);
  return invalid("lastUsedStep", "the integer that verifyTotp returned, or null", value);
}
