import type { Operation } from "./operation.js";

/** Ends a lock, resets the count of wrong codes, and refills the weekly allowance. */
export const unlock: Operation<undefined, { ok: true; changed: boolean }> = (state, _, { now }) => {
  const { lockout, ...rest } = state;
  if (!lockout) return { state, outcome: { ok: true, changed: false } };
  const { wrongCodes, allowanceUsedUntil } = lockout;
  const changed = wrongCodes > 0 || allowanceUsedUntil > now;
  return {
    state: rest,
    outcome: { ok: true, changed },
    events: changed ? [{ type: "unlocked" }] : [],
  };
};
