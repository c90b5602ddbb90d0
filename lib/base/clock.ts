import { types } from "node:util";
import { callback } from "./checks.js";
import { describeValue } from "./describe.js";
import { TotpConfigError } from "./errors.js";
import { withDefault } from "./options.js";

// The latest time of a Date (ECMA-262 §21.4.1.1). Later time steps cannot be computed exactly.
const LATEST = 8.64e15;

/**
 * Returns the current time: milliseconds since 1970-01-01T00:00:00Z, like `Date.now`, or a `Date`. Tests pass their
 * own clock to control the time.
 *
 * @example
 * ```ts
 * let time = Date.now();
 * const now: Clock = () => time;
 * const totp = createTotpService({ store: createMemoryStore({ now }), issuer: "Acme", now });
 * time += 30_000; // the next time step
 * ```
 */
export type Clock = () => number | Date;

/** Reads `Date.now` on each call, because a test can replace it after this module was loaded. */
export const systemClock: Clock = () => Date.now();

export const CLOCK_OPTION = withDefault(systemClock, callback<Clock>("() => number | Date"));

/** Reads a clock. Throws if it is broken: no code can be verified at an unknown time. */
export function readClock(clock: Clock): number {
  const value: unknown = clock();
  const time = types.isDate(value) ? value.getTime() : value;
  if (typeof time === "number" && time >= 0 && time <= LATEST) return time;
  throw new TotpConfigError("INVALID_OPTION", "now", {
    expected: "a function that returns a Date or milliseconds since 1970",
    got: describeValue(time),
  });
}
