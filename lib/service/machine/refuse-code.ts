import type { CodePurpose, EventBody } from "../events.js";
import type { Locked, Refused } from "../refusals.js";
import { countWrongCode, lockEnd } from "./lockout.js";
import type { TotpMatch } from "./match-totp.js";
import { type Context, refuse, type Transition } from "./operation.js";
import type { TotpState } from "./state.js";

const REPORT_MS = 60_000;

/** Why a code is refused. For events only, never for the user. */
interface Miss {
  reason: "wrong" | "already_used" | "clock_skew";
  offset?: number;
}

export function missOf(match: Exclude<TotpMatch, { kind: "accepted" }>): Miss {
  return match.kind === "wrong"
    ? { reason: "wrong" }
    : { reason: match.kind, offset: match.offset };
}

type Rejected = Transition<Refused<"wrong_code">> & { events: readonly EventBody[] };

export function reject(state: TotpState, purpose: CodePurpose, miss: Miss): Rejected {
  return { ...refuse(state, "wrong_code"), events: [{ type: "rejected", purpose, ...miss }] };
}

export function countAndReject(
  state: TotpState,
  purpose: CodePurpose,
  miss: Miss,
  { now }: Context,
): Rejected {
  const lockout = countWrongCode(state.lockout, now);
  const rejected = reject({ ...state, lockout }, purpose, miss);
  const end = lockEnd(lockout, now);
  if (end === undefined) return rejected;
  const locked: EventBody = { type: "locked", purpose, until: new Date(end) };
  return { ...rejected, events: [...rejected.events, locked] };
}

/** Emits the event at most once per minute, so that a flood of refused codes does not become a flood of events. */
export function refuseLocked(
  state: TotpState,
  end: number,
  purpose: CodePurpose,
  { now }: Context,
): Transition<Locked> {
  const { lockout } = state;
  const retryAfterSeconds = Math.ceil((end - now) / 1000);
  const outcome = { ok: false, reason: "locked", retryAfterSeconds } as const;
  if (!lockout || Math.abs(now - lockout.reportedAt) < REPORT_MS) return { state, outcome };
  return {
    state: { ...state, lockout: { ...lockout, reportedAt: now } },
    outcome,
    events: [{ type: "refused_while_locked", purpose, until: new Date(end) }],
  };
}
