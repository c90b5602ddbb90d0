import type { Attack } from "./attack.js";

/** Runs an attack, or fails with the name of one that has to succeed before. */
export type RunAttack = (attack: Attack) => Promise<void>;

/**
 * Runs each attack at most once, and those first that it depends on. What it depends on and is not among the attacks,
 * because an option is missing, counts as a success.
 */
export function inOrder(attacks: readonly Attack[], run: RunAttack): RunAttack {
  const byName = new Map(attacks.map((attack) => [attack.name, attack]));
  const outcomes = new Map<string, Promise<void>>();

  async function tryAfterOthers(attack: Attack): Promise<void> {
    for (const name of attack.dependsOn ?? []) {
      const other = byName.get(name);
      if (other) await outcomeOf(other).catch((error) => notTried(name, error));
    }
    await run(attack);
  }

  function outcomeOf(attack: Attack): Promise<void> {
    const outcome = outcomes.get(attack.name) ?? tryAfterOthers(attack);
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

/** Always names the one that was tried. */
function notTried(name: string, error: unknown): never {
  throw new NotTriedError(error instanceof NotTriedError ? error.failed : name);
}
