import type { EventBody } from "../events.js";
import type { Refused } from "../outcomes.js";
import type { TotpState } from "./state.js";

/** The circumstances of a call. */
export interface Context {
  /** Milliseconds since 1970. */
  now: number;
  /** Time steps before and after the current one in which a code is accepted. */
  window: number;
}

/** A state's successor. If `state` is the one that went in, there is nothing to write. */
export interface Transition<Outcome> {
  state: TotpState;
  outcome: Outcome;
  /** What happened, if this transition stands. */
  events?: readonly EventBody[];
}

/** Pure and synchronous, as it is applied again each time another write won. */
export type Operation<Input, Outcome> = (
  state: TotpState,
  input: Input,
  context: Context,
) => Transition<Outcome>;

/** Refuses, and changes nothing. */
export function refuse<Reason extends string>(
  state: TotpState,
  reason: Reason,
): Transition<Refused<Reason>> {
  return { state, outcome: { ok: false, reason } };
}
