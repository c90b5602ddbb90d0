import { types } from "node:util";
import { callback } from "./checks.js";
import { describeValue } from "./describe.js";
import { TotpConfigError } from "./errors.js";
import { withDefault } from "./options.js";

// ECMA-262 §21.4.1.1: what a Date can hold. Past it a time step cannot be counted exactly.
const LATEST = 8.64e15;

/**
 * Tells the time: milliseconds since 1970-01-01T00:00:00Z as `Date.now` gives them, or a `Date`.
 * A test passes its own to steer the time.
 */
export type Clock = () => number | Date;

/** Looks `Date.now` up at each call: a test may replace it after this module was loaded. */
export const systemClock: Clock = () => Date.now();

export const CLOCK_OPTION = withDefault(systemClock, callback<Clock>("() => number | Date"));

/** Reads a clock. A clock that is broken stops the call: no code is right at an unknown time. */
export function readClock(clock: Clock): number {
  const told: unknown = clock();
  const time = types.isDate(told) ? told.getTime() : told;
  if (typeof time === "number" && time >= 0 && time <= LATEST) return time;
  throw new TotpConfigError("INVALID_OPTION", "now", {
    expected: "a function that returns a Date or milliseconds since 1970",
    got: describeValue(time),
  });
}
