import type { Attack } from "./attack.js";

export type RunAttack = (attack: Attack) => Promise<void>;

/**
 * Runs each attack at most once, after those that it depends on. If one of them fails, the attack fails too, and its
 * message names that one. Dependencies that are not among the attacks, because an option is missing, are ignored.
 */
export function inOrder(attacks: readonly Attack[], run: RunAttack): RunAttack {
  const byName = new Map(attacks.map((attack) => [attack.name, attack]));
  const outcomes = new Map<string, Promise<void>>();

  async function runAfterOthers(attack: Attack): Promise<void> {
    for (const name of attack.dependsOn ?? []) {
      const other = byName.get(name);
      if (other) await outcomeOf(other).catch((error) => notTried(name, error));
    }
    await run(attack);
  }

  function outcomeOf(attack: Attack): Promise<void> {
    const outcome = outcomes.get(attack.name) ?? runAfterOthers(attack);
    outcomes.set(attack.name, outcome);
    return outcome;
  }

  return outcomeOf;
}

class NotTriedError extends Error {
  constructor(readonly failed: string) {
    super(`Not tried, because "${failed}" failed. Fix that first.`);
  }
}

/** Names the attack that failed itself, not one that was not tried. */
function notTried(name: string, error: unknown): never {
  throw new NotTriedError(error instanceof NotTriedError ? error.failed : name);
}
