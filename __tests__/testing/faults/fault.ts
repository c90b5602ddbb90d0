import type { TotpStore } from "express-totp-setup";

/** A store with one fault, and all the checks that it fails. */
export interface Fault {
  fault: string;
  /** Called once; what it gives is the kit's `createStore`. */
  build(): () => TotpStore;
  fails: readonly string[];
  /** Whether other checks fail too, as they do where hardly anything works. */
  amongOthers?: boolean;
  /** What the first of the failures has to tell. */
  says: RegExp;
}
