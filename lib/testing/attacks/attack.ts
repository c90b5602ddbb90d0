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
  /** Rejects with words for the engineer of the app, if the way is open. */
  run(trial: AppTrial): Promise<void>;
}

/** An attack on everything that takes codes. */
export interface DoorAttack {
  name: string;
  needs?: Needs;
  appliesTo?(door: Door): boolean;
  run(trial: AppTrial, door: Door): Promise<void>;
}

export function atDoor(door: Door, { name, needs = [], run }: DoorAttack): Attack {
  return {
    name: `${door.name}: ${name}`,
    needs: [...door.needs, ...needs],
    run: (trial) => run(trial, door),
  };
}
