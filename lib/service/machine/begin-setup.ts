import type { ProofRefused, Refused } from "../refusals.js";
import { type Operation, refuse } from "./operation.js";
import type { PendingEnrollment } from "./state.js";
import { type Proof, withProof } from "./with-proof.js";

/** A page that is loaded twice begins two setups, and the user can scan either QR code. */
const MOST_PENDING = 3;

interface Input {
  enrollment: PendingEnrollment;
  proof: Proof;
  /** Whether a setup can begin without a proof, while TOTP is off. */
  isAuthorized: boolean;
}

type Outcome = { ok: true } | ProofRefused | Refused<"not_authorized">;

/** Adds a pending enrollment, next to the active one and other pending ones. A fourth one replaces the oldest. */
export const beginSetup: Operation<Input, Outcome> = (state, input, context) => {
  if (!state.active && !input.isAuthorized) return refuse(state, "not_authorized");
  return withProof(state, input.proof, context, ({ pending, ...rest }) => {
    const { enrollment } = input;
    const live = pending?.enrollments.filter(({ expiresAt }) => expiresAt > context.now) ?? [];
    const enrollments = [...live, enrollment].slice(-MOST_PENDING);
    const { expiresAt } = enrollment;
    return {
      state: { ...rest, pending: { enrollments, expiresAt, wrongCodes: 0 } },
      outcome: { ok: true },
      events: [{ type: "setup_started", expiresAt: new Date(expiresAt) }],
    };
  });
};
