import type { Attempts } from "./state.js";

/** How many wrong codes a user has, and what they cost. */
export interface AttemptPolicy {
  /** Wrong codes until a lock. */
  limit: number;
  /** Length of the first lock in seconds; each further one is twice as long. */
  lockSeconds: number;
  /** Length of the longest lock in seconds. */
  maxLockSeconds: number;
}

/** Whole seconds until the lock ends, or `undefined` where there is none. */
export function lockedFor(attempts: Attempts | undefined, now: number): number | undefined {
  if (!attempts || attempts.lockedUntil <= now) return undefined;
  return Math.ceil((attempts.lockedUntil - now) / 1000);
}

/** Counts a wrong code. The one that uses up the budget locks. */
export function countFailure(
  attempts: Attempts | undefined,
  policy: AttemptPolicy,
  now: number,
): Attempts {
  const { failures, locks, lockedUntil } = attempts ?? { failures: 0, locks: 0, lockedUntil: 0 };
  if (failures + 1 < policy.limit) return { failures: failures + 1, locks, lockedUntil };
  const seconds = Math.min(policy.lockSeconds * 2 ** locks, policy.maxLockSeconds);
  return { failures: 0, locks: locks + 1, lockedUntil: now + seconds * 1000 };
}
