import { timeStepAt } from "../../otp/time-step.js";
import type { EventBody } from "../events.js";
import type { ClockSkew, Refused } from "../refusals.js";
import { isSameSet } from "./backup-codes.js";
import { matchTotp, type TotpMatch } from "./match-totp.js";
import { type Context, refuse, type Transition } from "./operation.js";
import type {
  ActiveEnrollment,
  BackupCodeSet,
  PendingEnrollment,
  PendingSetups,
  TotpState,
} from "./state.js";
import { readTypedCode } from "./typed-code.js";

/** Limits guesses by somebody who did not see the secret. The lockout is not affected. */
const MOST_WRONG_CODES = 10;

export interface ConfirmInput {
  code: unknown;
  /** Generated in advance, in case the code is right. `undefined` if backup codes are off. */
  backupCodes: BackupCodeSet | undefined;
}

export type ConfirmResult =
  | { ok: true }
  | Refused<"nothing_pending" | "expired" | "already_enabled" | "wrong_code" | "malformed_code">
  | ClockSkew;

/**
 * Enables the pending enrollment that the code belongs to (the newest, if there are several), replaces an active one,
 * and removes the rest. Wrong codes do not affect the lockout, because whoever begins a setup knows its secret.
 */
export function confirm(
  state: TotpState,
  { code, backupCodes }: ConfirmInput,
  context: Context,
): Transition<ConfirmResult> {
  const { pending, active, lockout } = state;
  if (active && isSameSet(state.backupCodes, backupCodes))
    return confirmedBefore(state, active, context);
  if (!pending) return refuse(state, active ? "already_enabled" : "nothing_pending");
  const live = pending.enrollments.filter(({ expiresAt }) => expiresAt > context.now);
  if (live.length === 0) return refuse(state, "expired");
  const matches = live.flatMap((enrollment) => tryCode(enrollment, code, context)).reverse();
  if (matches.length === 0) return refuse(state, "malformed_code");
  for (const { enrollment, match } of matches) {
    if (match.kind !== "accepted" || enrollment.announcedSteps?.includes(match.step)) continue;
    const { expiresAt: _, announcedSteps: __, ...rest } = enrollment;
    const times = { createdAt: context.now, verifiedAt: context.now, lastUsedStep: match.step };
    return {
      state: { active: { ...rest, ...times }, backupCodes, lockout },
      outcome: { ok: true },
      events: [{ type: "enabled", wasEnabled: active !== undefined, offset: match.offset }],
    };
  }
  return countWrongCode({ ...state, pending }, matches, context);
}

/** The outcome again of a write that has landed. */
function confirmedBefore(
  state: TotpState,
  active: ActiveEnrollment,
  { previous }: Context,
): Transition<ConfirmResult> {
  const offset = active.lastUsedStep - timeStepAt(active.createdAt, active.period);
  const wasEnabled = previous?.active !== undefined;
  return { state, outcome: { ok: true }, events: [{ type: "enabled", wasEnabled, offset }] };
}

interface Tried {
  enrollment: PendingEnrollment;
  match: TotpMatch;
}

/** Returns nothing if the text is not a TOTP code of this enrollment's length. */
function tryCode(enrollment: PendingEnrollment, code: unknown, context: Context): Tried[] {
  const typed = readTypedCode(code, enrollment.digits);
  if (typed?.kind !== "totp") return [];
  return [{ enrollment, match: matchTotp(enrollment, -1, typed.code, context) }];
}

/** Reveals how far a clock is off. Only a setup can do so: at login, it would help an attacker who guesses codes. */
function countWrongCode(
  state: TotpState & { pending: PendingSetups },
  matches: readonly Tried[],
  { now }: Context,
): Transition<ConfirmResult> {
  const skew = matches.flatMap(({ enrollment, match }) =>
    match.kind === "clock_skew" ? [{ enrollment, offset: match.offset }] : [],
  )[0];
  const event: EventBody = {
    type: "rejected",
    purpose: "confirm",
    ...(skew ? { reason: "clock_skew", offset: skew.offset } : { reason: "wrong" }),
  };
  const wrongCodes = state.pending.wrongCodes + 1;
  const isLast = wrongCodes >= MOST_WRONG_CODES;
  const enrollments = isLast
    ? []
    : state.pending.enrollments.map((each) =>
        each === skew?.enrollment ? announce(each, skew.offset, now) : each,
      );
  const next = { ...state, pending: { ...state.pending, enrollments, wrongCodes } };
  const events = [event];
  if (isLast) return { ...refuse(next, "expired"), events };
  if (!skew) return { ...refuse(next, "wrong_code"), events };
  const offsetSeconds = skew.offset * skew.enrollment.period;
  return { state: next, outcome: { ok: false, reason: "clock_skew", offsetSeconds }, events };
}

/** Remembers the time step of a code that was reported to be right at another time. */
function announce(enrollment: PendingEnrollment, offset: number, now: number): PendingEnrollment {
  const step = timeStepAt(now, enrollment.period) + offset;
  return { ...enrollment, announcedSteps: [...(enrollment.announcedSteps ?? []), step] };
}
