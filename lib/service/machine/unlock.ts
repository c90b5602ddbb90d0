import type { Operation } from "./operation.js";

/** Ends a lock, forgives the wrong codes before it, and refills the weekly allowance. */
export const unlock: Operation<undefined, { ok: true }> = (state) =>
  state.lockout
    ? {
        state: { ...state, lockout: undefined },
        outcome: { ok: true },
        events: [{ type: "unlocked" }],
      }
    : { state, outcome: { ok: true } };
