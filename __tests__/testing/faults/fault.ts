import type { TotpStore } from "express-totp-setup";

/** A store with one fault, and the checks that it fails. */
export interface Fault {
  fault: string;
  /** Returns the `createStore` for the kit. Called once. */
  build(): () => TotpStore;
  fails: readonly string[];
  /** Whether other checks can fail too, because hardly anything works. */
  amongOthers?: boolean;
  /** Message of the first failure. */
  says: RegExp;
}
