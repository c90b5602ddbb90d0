import type { Trial } from "../trial.js";

/** One requirement of a store. */
export interface Check {
  /** The name of the test. */
  name: string;
  /** A capability of the store without which the check does not apply. */
  needs?: "expiry" | "unusual user ids" | "readEnabled";
  /** Rejects with an explanation for the author of the store. */
  run(trial: Trial): Promise<void>;
}
