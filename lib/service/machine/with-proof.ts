import type { ProofRefused } from "../refusals.js";
import { acceptCode, hasActive } from "./accept-code.js";
import { type Context, refuse, type Transition } from "./operation.js";
import type { TotpState } from "./state.js";

/** What vouches for a change: a typed code, the app itself (`TRUSTED`), or nothing. */
export type Proof = { code: string } | "trusted" | "missing";

/**
 * Makes a change that requires a proof while TOTP is on. The code and the change are one transition, so that nothing
 * can happen between them.
 */
export function withProof<Outcome>(
  state: TotpState,
  proof: Proof,
  context: Context,
  change: (state: TotpState) => Transition<Outcome>,
): Transition<Outcome | ProofRefused> {
  if (!hasActive(state) || proof === "trusted") return change(state);
  if (proof === "missing") return refuse(state, "code_required");
  const accepted = acceptCode(state, { code: proof.code, purpose: "step_up" }, context);
  const { outcome } = accepted;
  if (!outcome.ok) return { ...accepted, outcome };
  const changed = change(accepted.state);
  const events = [accepted, changed].flatMap((transition) => transition.events ?? []);
  return { ...changed, events };
}
