import type { Awaitable } from "../base/awaitable.js";
import type { UserId } from "../base/user.js";
import { type Core, reportAccepted, reportMissed } from "./core.js";
import { stepUp as passGate } from "./machine.js";
import type { Busy, StepUpRefused } from "./outcomes.js";
import { createPresenter } from "./present.js";
import type { TotpState } from "./state.js";
import { busy, type Gate, isBusy, type Proof, type Transition } from "./transition.js";

/** The proof that a change needs while TOTP is on. */
export interface StepUp {
  /** A fresh TOTP code, or a backup code. Without one the change is refused as `code_required`. */
  code?: string | undefined;
}

type Passed<Outcome> = { gate: Extract<Gate, { ok: true }>; changed: Outcome };
type Stopped = { gate: Exclude<Gate, { ok: true }> };

/**
 * Makes a change that needs a fresh code while TOTP is on. Without `stepUp` the caller vouches for it, as
 * an administrator's tool does.
 */
export async function changeWithStepUp<Outcome extends { ok: boolean }>(
  core: Core,
  userId: UserId,
  stepUp: StepUp | undefined,
  change: (state: TotpState) => Awaitable<Transition<Outcome> | Transition<Busy>>,
): Promise<Outcome | StepUpRefused> {
  const readProof = createProofReader(stepUp);
  const result = await core.update<Passed<Outcome> | Stopped>(userId, async (state, context) => {
    const proof = await readProof(state, context.now);
    if (proof === "busy") return busy(state);
    const gate = passGate(state, proof, context);
    if (!gate.outcome.ok) return { state: gate.state, outcome: { gate: gate.outcome } };
    const changed = await change(gate.state);
    // The code is not used up by a change that was not made.
    if (isBusy(changed)) return busy(state);
    return { state: changed.state, outcome: { gate: gate.outcome, changed: changed.outcome } };
  });
  if (!("gate" in result)) return result;
  if ("changed" in result) {
    const { accepted } = result.gate;
    if (accepted) reportAccepted(core, userId, "step_up", accepted);
    return result.changed;
  }
  const { gate } = result;
  return gate.reason === "wrong_code" ? reportMissed(core, userId, "step_up", gate) : gate;
}

function createProofReader(stepUp: StepUp | undefined) {
  const present = createPresenter(stepUp?.code);
  return async (state: TotpState, now: number): Promise<Proof | "busy"> => {
    // Left out, that is. A null, as it comes out of a body that was parsed, vouches for nothing.
    if (stepUp === undefined) return "vouched";
    if (!stepUp?.code) return "missing";
    return (await present(state, now)) ?? "malformed";
  };
}
