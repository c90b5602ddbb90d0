import type { Door } from "../app/doors.js";
import type { AppConfig } from "../app/options.js";
import type { AppTrial } from "../app/trial.js";

/** Options that an attack cannot do without. */
type Needs = readonly (keyof AppConfig)[];

/** One way into an app that has to be closed. */
export interface Attack {
  /** The name of the test. */
  name: string;
  needs?: Needs;
  /** Names of attacks that must have succeeded. If one has not, the outcome of this one would be misleading. */
  dependsOn?: readonly string[];
  /** Rejects with words for the engineer of the app, if the way is open. */
  run(trial: AppTrial): Promise<void>;
}

/** An attack on everything that takes codes. */
export interface DoorAttack {
  name: string;
  needs?: Needs;
  /** Names of attacks on the same door. */
  dependsOn?: readonly string[];
  appliesTo?(door: Door): boolean;
  run(trial: AppTrial, door: Door): Promise<void>;
}

export function atDoor(door: Door, { name, needs = [], dependsOn = [], run }: DoorAttack): Attack {
  return {
    name: nameAt(door, name),
    needs: [...door.needs, ...needs],
    dependsOn: dependsOn.map((each) => nameAt(door, each)),
    run: (trial) => run(trial, door),
  };
}

function nameAt(door: Door, name: string): string {
  return `${door.name}: ${name}`;
}

/** The same attacks, which depend on these too. */
export function dependingOn<Each extends { dependsOn?: readonly string[] }>(
  names: readonly string[],
  attacks: readonly Each[],
): Each[] {
  return attacks.map((attack) => ({
    ...attack,
    dependsOn: [...names, ...(attack.dependsOn ?? [])],
  }));
}
