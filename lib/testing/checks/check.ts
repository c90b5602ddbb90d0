import type { Trial } from "../trial.js";

/** One thing that a store has to do. */
export interface Check {
  /** The name of the test. */
  name: string;
  /** What the store must be capable of for the check to mean anything. */
  needs?: "expiry" | "unusual user ids" | "readEnabled";
  /** Rejects with words for the store's author. */
  run(trial: Trial): Promise<void>;
}
