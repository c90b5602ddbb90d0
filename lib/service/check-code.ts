import { decodeBase32 } from "../otp/base32.js";
import { findTimeStep, timeStepAt } from "../otp/time-step.js";
import { takeBackupCode } from "./backup-codes.js";
import type { BackupCodeSet, Enrollment } from "./state.js";

/** When a code came, and how far from that its time step may be. */
export interface Moment {
  /** Milliseconds since 1970. */
  now: number;
  /** Time steps before and after the present one in which a code is accepted. */
  window: number;
  /** Time steps in which a refused code is still looked for, to tell the operator that a clock is off. */
  skewSteps: number;
}

/** A code in the forms that it can be compared in. At least one is there. */
export interface PresentedCode {
  /** As a TOTP code: ASCII digits, as many as the enrollment has. */
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
  enrollment: Enrollment,
  lastUsedStep: number,
  code: string,
  { now, window, skewSteps }: Moment,
): { step: number; offset: number } | CodeMiss {
  const key = decodeBase32(enrollment.secret);
  if (!key?.length) return { reason: "wrong" };
  const present = timeStepAt(now, enrollment.period);
  const find = (reach: number) =>
    findTimeStep(key, code, present - reach, present + reach, enrollment);
  const step = find(window);
  if (step !== undefined) {
    const offset = step - present;
    return step > lastUsedStep ? { step, offset } : { reason: "already_used", offset };
  }
  const near = skewSteps > window ? find(skewSteps) : undefined;
  return near === undefined
    ? { reason: "wrong" }
    : { reason: "clock_skew", offset: near - present };
}

/** Checks a code against all that can be used for a user whose TOTP is on. */
export function matchCode(
  enrollment: Enrollment & { lastUsedStep: number },
  backupCodes: BackupCodeSet | undefined,
  presented: PresentedCode,
  moment: Moment,
): CodeMatch | CodeMiss {
  if (presented.totp !== undefined) {
    const match = matchTotp(enrollment, enrollment.lastUsedStep, presented.totp, moment);
    return "step" in match ? { method: "totp", ...match } : match;
  }
  const rest =
    backupCodes && presented.backupHash && takeBackupCode(backupCodes, presented.backupHash);
  return rest ? { method: "backup_code", rest } : { reason: "wrong" };
}
