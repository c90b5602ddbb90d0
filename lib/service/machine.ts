import { normalizeCode } from "../otp/time-step.js";
import { type CodeMiss, matchCode, matchTotp, type PresentedCode } from "./check-code.js";
import { countFailure, lockedFor } from "./lockout.js";
import type { Locked, Refused } from "./outcomes.js";
import {
  type ActiveEnrollment,
  type BackupCodeSet,
  EMPTY_STATE,
  type Enrollment,
  type TotpState,
} from "./state.js";
import type { Checked, Context, Gate, Malformed, Missed, Proof, Transition } from "./transition.js";

const MALFORMED: Malformed = { ok: false, reason: "malformed_code" };

/** Puts a pending enrollment beside whatever is active; an earlier pending one is forgotten. */
export function savePending(
  state: TotpState,
  enrollment: Enrollment & { expiresAt: number },
): Transition<{ ok: true }> {
  return { state: { ...state, pending: enrollment }, outcome: { ok: true } };
}

/** Enables the pending enrollment, in place of an active one, if the code is of its secret. */
export function confirm(
  state: TotpState,
  code: unknown,
  backupCodes: BackupCodeSet | undefined,
  context: Context,
): Transition<Checked | Malformed | Refused<"nothing_pending" | "expired">> {
  const { pending, attempts } = state;
  const { now } = context;
  if (!pending) return { state, outcome: { ok: false, reason: "nothing_pending" } };
  if (pending.expiresAt <= now) return { state, outcome: { ok: false, reason: "expired" } };
  const wait = lockedFor(attempts, now);
  if (wait !== undefined) return locked(state, wait);
  const normalized = normalizeCode(code, pending.digits);
  if (normalized === undefined) return { state, outcome: MALFORMED };
  const match = matchTotp(pending, -1, normalized, context);
  if ("reason" in match) return missed(state, match, context);
  const { expiresAt: _, ...enrollment } = pending;
  return {
    state: {
      active: { ...enrollment, createdAt: now, lastUsedStep: match.step, verifiedAt: now },
      backupCodes,
    },
    outcome: {
      ok: true,
      match: { method: "totp", ...match },
      backupCodesRemaining: backupCodes?.hashes.length ?? 0,
    },
  };
}

/** Puts in what was confirmed elsewhere. Anything pending goes: no code was asked for when it began. */
export function importActive(
  state: TotpState,
  active: ActiveEnrollment,
): Transition<{ ok: true } | Refused<"already_enabled">> {
  if (state.active) return { state, outcome: { ok: false, reason: "already_enabled" } };
  return { state: { active, attempts: state.attempts }, outcome: { ok: true } };
}

/** Accepts a code of an enabled enrollment, or counts it as a failure. */
export function verify(
  state: TotpState,
  presented: PresentedCode | undefined,
  context: Context,
): Transition<Checked | Malformed | Refused<"not_enabled">> {
  if (!state.active) return { state, outcome: { ok: false, reason: "not_enabled" } };
  if (!presented) return { state, outcome: MALFORMED };
  return check(state, state.active, presented, context);
}

/**
 * Demands a fresh code if TOTP is on. The change is made on the state that this gives, so that code and
 * change are one write and nobody can slip in between them.
 */
export function stepUp(state: TotpState, proof: Proof, context: Context): Transition<Gate> {
  if (!state.active || proof === "vouched") return { state, outcome: { ok: true } };
  if (proof === "missing") return { state, outcome: { ok: false, reason: "code_required" } };
  if (proof === "malformed") return { state, outcome: MALFORMED };
  const checked = check(state, state.active, proof, context);
  const { outcome } = checked;
  return outcome.ok
    ? { state: checked.state, outcome: { ok: true, accepted: outcome } }
    : { ...checked, outcome };
}

/** Forgets everything. */
export function disable(state: TotpState): Transition<{ ok: true; wasEnabled: boolean }> {
  return { state: EMPTY_STATE, outcome: { ok: true, wasEnabled: state.active !== undefined } };
}

/** Replaces all backup codes of an enabled enrollment. */
export function replaceBackupCodes(
  state: TotpState,
  backupCodes: BackupCodeSet | undefined,
): Transition<{ ok: true } | Refused<"not_enabled">> {
  if (!state.active) return { state, outcome: { ok: false, reason: "not_enabled" } };
  return { state: { ...state, backupCodes }, outcome: { ok: true } };
}

/** Ends a lock and forgives the failures before it. */
export function unlock(state: TotpState): Transition<{ ok: true; wasLocked: boolean }> {
  if (!state.attempts) return { state, outcome: { ok: true, wasLocked: false } };
  return { state: { ...state, attempts: undefined }, outcome: { ok: true, wasLocked: true } };
}

/** Burns a right code in the step that accepts it. */
function check(
  state: TotpState,
  active: ActiveEnrollment,
  presented: PresentedCode,
  context: Context,
): Transition<Checked> {
  const { backupCodes, attempts } = state;
  const { now } = context;
  const wait = lockedFor(attempts, now);
  if (wait !== undefined) return locked(state, wait);
  const match = matchCode(active, backupCodes, presented, context);
  if ("reason" in match) return missed(state, match, context);
  const isTotp = match.method === "totp";
  const lastUsedStep = isTotp ? match.step : active.lastUsedStep;
  const rest = isTotp ? backupCodes : match.rest;
  return {
    state: {
      ...state,
      active: { ...active, lastUsedStep, verifiedAt: now },
      backupCodes: rest,
      attempts: undefined,
    },
    outcome: { ok: true, match, backupCodesRemaining: rest?.hashes.length ?? 0 },
  };
}

function locked(state: TotpState, retryAfterSeconds: number): Transition<Locked> {
  return { state, outcome: { ok: false, reason: "locked", retryAfterSeconds } };
}

function missed(state: TotpState, miss: CodeMiss, context: Context): Transition<Missed> {
  const attempts = countFailure(state.attempts, context.attempts, context.now);
  const { lockedUntil } = attempts;
  const isLocked = lockedUntil > context.now;
  return {
    state: { ...state, attempts },
    outcome: { ok: false, reason: "wrong_code", miss, ...(isLocked && { lockedUntil }) },
  };
}
