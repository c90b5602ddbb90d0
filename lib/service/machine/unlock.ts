import type { Operation } from "./operation.js";

/** Ends a lock, resets the count of wrong codes, and refills the weekly allowance. */
export const unlock: Operation<undefined, { ok: true }> = (state, _, { now }) => {
  const outcome = { ok: true } as const;
  const { lockout, ...rest } = state;
  if (!lockout) return { state, outcome };
  const { wrongCodes, allowanceUsedUntil } = lockout;
  const isForgiven = wrongCodes > 0 || allowanceUsedUntil > now;
  return { state: rest, outcome, events: isForgiven ? [{ type: "unlocked" }] : [] };
};
