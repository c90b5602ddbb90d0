import { timingSafeEqual } from "node:crypto";
import { decodeBase32 } from "../../otp/base32.js";
import { computeCode } from "../../otp/speakeasy.js";
import { findTimeStep, timeStepAt } from "../../otp/time-step.js";
import type { Context } from "./operation.js";
import type { Enrollment } from "./state.js";

/** Time steps around the current one in which a refused code is recognized, and three codes are accepted. */
const REACH_STEPS = 20;

/** `offset`: time steps from the current one to that of the code. */
export type TotpMatch =
  | { kind: "accepted"; step: number; offset: number }
  /** The code belongs to the last accepted step or an earlier one. */
  | { kind: "already_used"; offset: number }
  /** The code belongs to a step outside the window, so one of the two clocks is probably off. */
  | { kind: "clock_skew"; offset: number }
  | { kind: "wrong" };

/**
 * Matches a code against the steps after `lastUsedStep` (RFC 6238 §5.2). Every refused code takes the same amount of
 * work, whichever step it belongs to.
 */
export function matchTotp(
  enrollment: Enrollment,
  lastUsedStep: number,
  code: string,
  { now, window }: Context,
): TotpMatch {
  const key = keyOf(enrollment);
  const current = timeStepAt(now, enrollment.period);
  const find = (first: number, last: number) =>
    findTimeStep(key, code, current + first, current + last, enrollment);
  const inWindow = find(-window, window);
  if (inWindow !== undefined && inWindow > lastUsedStep) {
    return { kind: "accepted", step: inWindow, offset: inWindow - current };
  }
  const before = find(-REACH_STEPS, -window - 1);
  const after = find(window + 1, REACH_STEPS);
  const step = inWindow ?? after ?? before;
  if (step === undefined) return { kind: "wrong" };
  const kind = step > lastUsedStep ? "clock_skew" : "already_used";
  return { kind, offset: step - current };
}

/**
 * Matches three consecutive codes, all of steps after `lastUsedStep` and near the current one, and returns the last
 * step. They are compared as one text against every start, so that nothing shows how many of them are right.
 */
export function matchThreeCodes(
  enrollment: Enrollment,
  lastUsedStep: number,
  codes: string,
  now: number,
): { step: number; offset: number } | undefined {
  const key = keyOf(enrollment);
  const given = Buffer.from(codes);
  const current = timeStepAt(now, enrollment.period);
  const first = Math.max(current - REACH_STEPS, 0);
  const shown = Array.from({ length: current + REACH_STEPS - first + 1 }, (_, index) =>
    computeCode(key, first + index, enrollment.algorithm, enrollment.digits),
  );
  let found: number | undefined;
  for (let index = 0; index + 2 < shown.length; index++) {
    const three = Buffer.from(shown.slice(index, index + 3).join(""));
    if (timingSafeEqual(three, given) && first + index > lastUsedStep) found = first + index + 2;
  }
  return found === undefined ? undefined : { step: found, offset: found - current };
}

/** A state never contains a secret that cannot be decoded. */
function keyOf({ secret }: Enrollment): Buffer {
  return decodeBase32(secret) as Buffer;
}
