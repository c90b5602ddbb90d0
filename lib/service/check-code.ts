import { decodeBase32 } from "../otp/base32.js";
import { findTimeStep, timeStepAt } from "../otp/time-step.js";
import { takeBackupCode } from "./backup-codes.js";
import type { BackupCodeSet, Enrolment } from "./state.js";

/** How far a clock may be off for the operator to be told so, in time steps. */
const SKEW_STEPS = 10;

/** A code in the forms that it can be compared in. At least one is there. */
export interface PresentedCode {
  /** As a TOTP code: ASCII digits, as many as the enrolment has. */
  totp?: string | undefined;
  /** As a backup code, hashed with the salt of the user's set. */
  backupHash?: string | undefined;
}

export type CodeMatch =
  | { method: "totp"; step: number; offset: number }
  | { method: "backup_code"; rest: BackupCodeSet };

/** Why a code is refused; for events, never for answers. */
export interface CodeMiss {
  reason: "wrong" | "already_used" | "clock_skew";
  /** Time steps between the present and the code, where it is one of the secret's. */
  offset?: number;
}

/** Checks a TOTP code against a secret; of a step after `lastUsedStep` only (RFC 6238 §5.2). */
export function matchTotp(
  enrolment: Enrolment,
  lastUsedStep: number,
  code: string,
  window: number,
  now: number,
): { step: number; offset: number } | CodeMiss {
  const key = decodeBase32(enrolment.secret);
  if (!key?.length) return { reason: "wrong" };
  const present = timeStepAt(now, enrolment.period);
  const find = (reach: number) =>
    findTimeStep(key, code, present - reach, present + reach, enrolment);
  const step = find(window);
  if (step !== undefined) {
    const offset = step - present;
    return step > lastUsedStep ? { step, offset } : { reason: "already_used", offset };
  }
  const near = find(SKEW_STEPS);
  return near === undefined
    ? { reason: "wrong" }
    : { reason: "clock_skew", offset: near - present };
}

/** Checks a code against all that can be used for a user whose TOTP is on. */
export function matchCode(
  enrolment: Enrolment & { lastUsedStep: number },
  backupCodes: BackupCodeSet | undefined,
  presented: PresentedCode,
  window: number,
  now: number,
): CodeMatch | CodeMiss {
  if (presented.totp !== undefined) {
    const match = matchTotp(enrolment, enrolment.lastUsedStep, presented.totp, window, now);
    return "step" in match ? { method: "totp", ...match } : match;
  }
  const rest =
    backupCodes && presented.backupHash && takeBackupCode(backupCodes, presented.backupHash);
  return rest ? { method: "backup_code", rest } : { reason: "wrong" };
}
