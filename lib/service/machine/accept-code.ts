import type { CodeMethod, CodePurpose, EventBody } from "../events.js";
import type { CodeRefused } from "../refusals.js";
import { takeBackupCode } from "./backup-codes.js";
import { clearWrongCodes, lockEnd } from "./lockout.js";
import { matchThreeCodes, matchTotp } from "./match-totp.js";
import { type Context, refuse, type Transition } from "./operation.js";
import { countAndReject, missOf, refuseLocked, reject } from "./refuse-code.js";
import type { ActiveEnrollment, TotpState } from "./state.js";
import { readTypedCode } from "./typed-code.js";

/** The outcome for an accepted code, which is used up. */
export interface Accepted {
  ok: true;
  method: CodeMethod;
  backupCodesRemaining: number;
  /** With three codes: how far the authenticator app's clock is ahead, in seconds. */
  clockOffsetSeconds?: number;
}

/** A code, and what it is for. */
export interface Attempt {
  code: unknown;
  purpose: CodePurpose;
}

/** Below this many backup codes, the user should generate new ones. */
const FEW_BACKUP_CODES = 3;

type Checked = Transition<Accepted | CodeRefused>;
type WithActive = TotpState & { active: ActiveEnrollment };

export function hasActive(state: TotpState): state is WithActive {
  return state.active !== undefined;
}

/**
 * Accepts a code, and uses it up in the same transition. The lockout applies only to single TOTP codes, the only ones
 * that can be guessed. Backup codes and three consecutive codes pass it, and are not counted.
 */
export function acceptCode(
  state: WithActive,
  { code, purpose }: Attempt,
  context: Context,
): Checked {
  const { active, backupCodes } = state;
  const typed = readTypedCode(code, active.digits);
  switch (typed?.kind) {
    case undefined:
      return refuse(state, "malformed_code");
    case "totp":
      return acceptTotp(state, typed.code, purpose, context);
    case "three_codes": {
      const match = matchThreeCodes(active, active.lastUsedStep, typed.codes, context.now);
      if (!match) return reject(state, purpose, { reason: "wrong" });
      const clockOffsetSeconds = match.offset * active.period;
      const how = { purpose, method: typed.kind, offset: match.offset, clockOffsetSeconds };
      return accept({ ...state, active: { ...active, lastUsedStep: match.step } }, how, context);
    }
    case "backup_code": {
      const rest = backupCodes && takeBackupCode(backupCodes, typed.code);
      if (!rest) return reject(state, purpose, { reason: "wrong" });
      return accept({ ...state, backupCodes: rest }, { purpose, method: typed.kind }, context);
    }
  }
}

function acceptTotp(
  state: WithActive,
  code: string,
  purpose: CodePurpose,
  context: Context,
): Checked {
  const { active, lockout } = state;
  const end = lockEnd(lockout, context.now);
  if (end !== undefined) return refuseLocked(state, end, purpose, context);
  const match = matchTotp(active, active.lastUsedStep, code, context);
  switch (match.kind) {
    case "accepted": {
      const next = { ...state, active: { ...active, lastUsedStep: match.step } };
      return accept(next, { purpose, method: "totp", offset: match.offset }, context);
    }
    // A double click sends an accepted code again. That is not a guess.
    case "already_used":
      return reject(state, purpose, missOf(match));
    default:
      return countAndReject(state, purpose, missOf(match), context);
  }
}

interface How {
  purpose: CodePurpose;
  method: CodeMethod;
  offset?: number;
  clockOffsetSeconds?: number;
}

/** `state` no longer contains the code. */
function accept(state: WithActive, how: How, { now }: Context): Checked {
  const { active, lockout, backupCodes } = state;
  const { method, clockOffsetSeconds } = how;
  const backupCodesRemaining = backupCodes?.hashes.length ?? 0;
  const wrongCodesBefore = lockout?.wrongCodes ?? 0;
  const events: EventBody[] = [
    { type: "verified", ...how, backupCodesRemaining, wrongCodesBefore },
  ];
  if (method === "backup_code" && backupCodesRemaining === FEW_BACKUP_CODES - 1) {
    events.push({ type: "backup_codes_low", backupCodesRemaining });
  }
  return {
    state: {
      ...state,
      active: { ...active, verifiedAt: now },
      lockout: clearWrongCodes(lockout, now),
    },
    outcome: {
      ok: true,
      method,
      backupCodesRemaining,
      ...(clockOffsetSeconds !== undefined && { clockOffsetSeconds }),
    },
    events,
  };
}
