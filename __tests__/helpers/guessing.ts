import { type AttemptPolicy, countFailure } from "../../lib/service/lockout.js";
import type { Attempts } from "../../lib/service/state.js";

const DAY_MS = 86_400_000;

export interface Attack extends AttemptPolicy {
  window: number;
  digits: number;
  /** How often a day the user signs in, at times that the attacker knows. */
  signIns: number;
}

/**
 * The chance that somebody who guesses all year long, whenever there is no lock, finds one right code. With
 * sign-ins, which clear the count, the attacker makes the most of the time before each: as many locks as
 * end in time, and then all the guesses that lock nothing.
 */
export function chanceInAYear(attack: Attack): number {
  const right = (2 * attack.window + 1) / 10 ** attack.digits;
  const periods = attack.signIns === 0 ? 1 : 365 * attack.signIns;
  const guesses = periods * guessesWithin((365 * DAY_MS) / periods, attack);
  return 1 - (1 - right) ** guesses;
}

function guessesWithin(length: number, policy: Attack): number {
  let attempts: Attempts | undefined;
  let guesses = 0;
  for (let now = 0; ; now = Math.max(now, attempts.lockedUntil)) {
    const next = countFailure(attempts, policy, now);
    // With a sign-in ahead, a lock that outlasts it would keep the user from clearing the count.
    if (policy.signIns > 0 ? next.lockedUntil >= length : now >= length) return guesses;
    guesses++;
    attempts = next;
  }
}
