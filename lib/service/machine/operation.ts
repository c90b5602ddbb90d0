import type { EventBody } from "../events.js";
import type { Refused } from "../refusals.js";
import type { TotpState } from "./state.js";

/** The circumstances of a call. */
export interface Context {
  /** Milliseconds since 1970. */
  now: number;
  /** Time steps before and after the current one that are accepted. */
  window: number;
  /** The state that the call's previous attempt read. The store may have denied a write that succeeded. */
  previous?: TotpState | undefined;
}

/** The result of an operation. If `state` is the one that was passed in, nothing is written. */
export interface Transition<Outcome> {
  state: TotpState;
  outcome: Outcome;
  /** Emitted once the state is written. */
  events?: readonly EventBody[];
}

/** Pure and synchronous, because it is applied again each time another write succeeds first. */
export type Operation<Input, Outcome> = (
  state: TotpState,
  input: Input,
  context: Context,
) => Transition<Outcome>;

/** Refuses without changing anything. */
export function refuse<Reason extends string>(
  state: TotpState,
  reason: Reason,
): Transition<Refused<Reason>> {
  return { state, outcome: { ok: false, reason } };
}
