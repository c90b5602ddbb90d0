import type { ResolvedTotpParameters } from "../../otp/parameters.js";

/** A secret and its parameters, which each enrollment stores, so that new defaults do not affect it. */
export interface Enrollment extends ResolvedTotpParameters {
  secret: string;
}

export interface PendingEnrollment extends Enrollment {
  /** Milliseconds since 1970, like all times in a state. */
  expiresAt: number;
  /**
   * Time steps of codes that were refused with `clock_skew`. They are never accepted: a guess must not become right a
   * few minutes after the response revealed its time step.
   */
  announcedSteps?: readonly number[] | undefined;
}

export interface PendingSetups {
  /** Oldest first. Empty after too many wrong codes. */
  enrollments: readonly PendingEnrollment[];
  /** When the newest setup expires, or expired. */
  expiresAt: number;
  /** Wrong codes since the newest setup began. */
  wrongCodes: number;
}

export interface ActiveEnrollment extends Enrollment {
  createdAt: number;
  /** Time step of the last accepted code. Codes of this step and earlier ones are refused. */
  lastUsedStep: number;
  /** When a code was last accepted, including backup codes. 0 after an import. */
  verifiedAt: number;
}

export interface BackupCodeSet {
  /** Key of the hashes, base64url. */
  salt: string;
  /** Hashes of the unused codes, base64url. */
  hashes: readonly string[];
}

export interface Lockout {
  /** Wrong codes since the last accepted one. */
  wrongCodes: number;
  /** When the lock ends that wrong codes in a row led to. 0 if there is none. */
  lockedUntil: number;
  /** How much of the weekly allowance is used: each wrong code moves this time further into the future. */
  allowanceUsedUntil: number;
  /** When a refusal during a lock was last reported. 0 if none was. */
  reportedAt: number;
}

/** A login that waits for its second step. */
export interface Login {
  /** Hash of the session id, base64url. */
  hash: string;
  expiresAt: number;
  /** Whether TOTP must be set up to complete the login, because it was off at the beginning. */
  mustEnroll: boolean;
}

/** A device on which a login requires no second step. */
export interface Device {
  /** Public, for revoking the device. */
  id: string;
  /** Hash of its token, base64url. */
  hash: string;
  label?: string | undefined;
  createdAt: number;
  expiresAt: number;
}

/** Everything that is stored for a user. */
export interface TotpState {
  pending?: PendingSetups | undefined;
  active?: ActiveEnrollment | undefined;
  backupCodes?: BackupCodeSet | undefined;
  lockout?: Lockout | undefined;
  /** Oldest first. */
  logins?: readonly Login[] | undefined;
  /** Oldest first. */
  devices?: readonly Device[] | undefined;
}

export const EMPTY_STATE: TotpState = {};
