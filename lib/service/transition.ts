import type { CodeMatch, CodeMiss, Moment, PresentedCode } from "./check-code.js";
import type { AttemptPolicy } from "./lockout.js";
import type { Busy, Locked, Refused } from "./outcomes.js";
import type { TotpState } from "./state.js";

/** What every transition is made under. */
export interface Context extends Moment {
  attempts: AttemptPolicy;
}

/**
 * A state's successor and what to answer. Where `state` is the very state that went in, nothing is to be
 * written.
 */
export interface Transition<Outcome> {
  state: TotpState;
  outcome: Outcome;
}

/** A code that was accepted, or why not. A refusal's miss is for events only. */
export type Accepted = { ok: true; match: CodeMatch; backupCodesRemaining: number };
export type Missed = Refused<"wrong_code"> & {
  miss: CodeMiss;
  /** Where this code was the one that locks. */
  lockedUntil?: number;
};
export type Checked = Accepted | Missed | Locked;
/** No code looks like this, so it is no guess and costs no attempt. */
export type Malformed = Refused<"malformed_code">;

/** What came as proof that a change is wanted by whoever has the authenticator app. */
export type Proof = PresentedCode | "vouched" | "missing" | "malformed";
export type Gate =
  | { ok: true; accepted?: Accepted }
  | Missed
  | Locked
  | Malformed
  | Refused<"code_required">;

/** Frozen, as all callers get the same one. */
export const BUSY: Busy = Object.freeze({ ok: false, reason: "busy", retryAfterSeconds: 1 });

/** For what too many calls at the same moment keep from being looked at. */
export function busy(state: TotpState): Transition<Busy> {
  return { state, outcome: BUSY };
}

export function isBusy(transition: Transition<unknown>): transition is Transition<Busy> {
  return transition.outcome === BUSY;
}
