import type { DisableOutcome } from "../outcomes.js";
import { clearWrongCodes } from "./lockout.js";
import type { Operation } from "./operation.js";
import { type Proof, withProof } from "./with-proof.js";

interface Input {
  proof: Proof;
}

/** Removes everything but the weekly allowance, which turning TOTP off and on must not refill. */
export const disable: Operation<Input, DisableOutcome> = (state, { proof }, context) =>
  withProof(state, proof, context, (state) => {
    const { active, pending, lockout, logins } = state;
    if (!active && !pending && !logins) return { state, outcome: { ok: true, wasEnabled: false } };
    return {
      state: { lockout: clearWrongCodes(lockout, context.now) },
      outcome: { ok: true, wasEnabled: active !== undefined },
      events: active ? [{ type: "disabled" }] : [],
    };
  });
