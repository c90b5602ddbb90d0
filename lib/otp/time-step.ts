import { timingSafeEqual } from "node:crypto";
import type { ResolvedTotpParameters } from "./parameters.js";
import { computeCode } from "./speakeasy.js";

/** Returns the time step (RFC 6238 §4.2) of a time. */
export function timeStepAt(milliseconds: number, period: number): number {
  return Math.floor(milliseconds / 1000 / period);
}

/**
 * Returns the latest time step from `first` to `last` that has this code. All are computed, and compared in constant
 * time. If two match, the later one counts, so that the code cannot be used a second time.
 */
export function findTimeStep(
  key: Buffer,
  code: string,
  first: number,
  last: number,
  { algorithm, digits }: ResolvedTotpParameters,
): number | undefined {
  const given = Buffer.from(code);
  let found: number | undefined;
  for (let step = Math.max(first, 0); step <= last; step++) {
    if (timingSafeEqual(Buffer.from(computeCode(key, step, algorithm, digits)), given))
      found = step;
  }
  return found;
}
