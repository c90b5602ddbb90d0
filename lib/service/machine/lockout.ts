import type { Lockout } from "./state.js";

/** Wrong codes in a row that lead to a lock. */
export const WRONG_CODES_IN_A_ROW = 5;
export const LOCK_MS = 900_000;

/**
 * Wrong codes per week, regardless of right ones in between. An attacker who guesses for a whole year, and knows when
 * the user logs in, can try about 1 060 codes. With `window: 2`, five out of a million codes are right at a time, so
 * the chance of success stays below 0.6 %.
 */
export const WEEKLY_ALLOWANCE = 20;
const WEEK_MS = 604_800_000;

/** Each wrong code uses the allowance for this long (GCRA, the generic cell rate algorithm). */
const INTERVAL_MS = WEEK_MS / WEEKLY_ALLOWANCE;

const NO_WRONG_CODES: Lockout = {
  wrongCodes: 0,
  lockedUntil: 0,
  allowanceUsedUntil: 0,
  reportedAt: 0,
};

/** Returns when the next code can be verified, or `undefined` if it can be now. */
export function lockEnd(lockout: Lockout | undefined, now: number): number | undefined {
  if (!lockout) return undefined;
  const end = Math.max(lockout.lockedUntil, lockout.allowanceUsedUntil - WEEK_MS + INTERVAL_MS);
  return end > now ? end : undefined;
}

export function countWrongCode(lockout: Lockout | undefined, now: number): Lockout {
  const { wrongCodes, lockedUntil, allowanceUsedUntil, reportedAt } = lockout ?? NO_WRONG_CODES;
  const isLast = (wrongCodes + 1) % WRONG_CODES_IN_A_ROW === 0;
  return {
    wrongCodes: wrongCodes + 1,
    lockedUntil: isLast ? now + LOCK_MS : lockedUntil,
    allowanceUsedUntil: Math.max(allowanceUsedUntil, now) + INTERVAL_MS,
    reportedAt,
  };
}

/** Called after an accepted code. Keeps the allowance as it is: otherwise each login would allow more guesses. */
export function clearWrongCodes(lockout: Lockout | undefined, now: number): Lockout | undefined {
  if (!lockout || lockout.allowanceUsedUntil <= now) return undefined;
  const { allowanceUsedUntil, reportedAt } = lockout;
  return { ...NO_WRONG_CODES, allowanceUsedUntil, reportedAt };
}
