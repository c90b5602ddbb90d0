import type { Lockout } from "./state.js";

/** Wrong codes in a row that lock. */
export const WRONG_CODES_IN_A_ROW = 5;
export const LOCK_MS = 900_000;

/**
 * Wrong codes a week, however many right ones come between them. Whoever guesses all year long, and knows
 * when the user signs in, tries about 1 060 codes: with `window: 2`, five of a million are right at a time,
 * so the chance to get in stays below 0.6 %.
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

/** When the next code is looked at; `undefined` if it is now. */
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

/** After an accepted code. The allowance stays used, or guessing would get cheaper with each sign-in. */
export function clearWrongCodes(lockout: Lockout | undefined, now: number): Lockout | undefined {
  if (!lockout || lockout.allowanceUsedUntil <= now) return undefined;
  const { allowanceUsedUntil, reportedAt } = lockout;
  return { ...NO_WRONG_CODES, allowanceUsedUntil, reportedAt };
}
