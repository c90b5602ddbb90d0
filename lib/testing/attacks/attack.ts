import type { Operation } from "../app/operations.js";
import type { AppConfig } from "../app/options.js";
import type { AppTrial } from "../app/trial.js";

/** Options that an attack requires. */
type Needs = readonly (keyof AppConfig)[];

/** An attack on the app, which becomes one test. */
export interface Attack {
  /** Name of the test. */
  name: string;
  needs?: Needs;
  /** Names of attacks that must succeed first. If one fails, the result of this one would be misleading. */
  dependsOn?: readonly string[];
  /** Rejects if the app is vulnerable. The message says what happened and how to fix it. */
  run(trial: AppTrial): Promise<void>;
}

/** An attack on each operation that requires a code. */
export interface OperationAttack {
  name: string;
  needs?: Needs;
  /** Names of attacks on the same operation. */
  dependsOn?: readonly string[];
  appliesTo?(operation: Operation): boolean;
  run(trial: AppTrial, operation: Operation): Promise<void>;
}

export function attackOn(
  operation: Operation,
  { name, needs = [], dependsOn = [], run }: OperationAttack,
): Attack {
  return {
    name: nameFor(operation, name),
    needs: [...operation.needs, ...needs],
    dependsOn: dependsOn.map((each) => nameFor(operation, each)),
    run: (trial) => run(trial, operation),
  };
}

function nameFor(operation: Operation, name: string): string {
  return `${operation.name}: ${name}`;
}

/** Returns the attacks with more dependencies. */
export function dependingOn<Each extends { dependsOn?: readonly string[] }>(
  names: readonly string[],
  attacks: readonly Each[],
): Each[] {
  return attacks.map((attack) => ({
    ...attack,
    dependsOn: [...names, ...(attack.dependsOn ?? [])],
  }));
}
