import type { ResolvedTotpParameters } from "../../otp/parameters.js";

/** What generates codes. Each enrollment keeps its own parameters, so that new defaults change no old one. */
export interface Enrollment extends ResolvedTotpParameters {
  secret: string;
}

export interface PendingEnrollment extends Enrollment {
  /** Milliseconds since 1970, as every time in a state. */
  expiresAt: number;
  /**
   * Time steps of codes that were refused with `clock_skew`. They are not accepted later: a guess that was told
   * to be right in a few minutes must not be.
   */
  announcedSteps?: readonly number[] | undefined;
}

export interface PendingSetups {
  /** Oldest first. Empty once too many wrong codes have dropped them. */
  enrollments: readonly PendingEnrollment[];
  /** When the newest setup stops, or stopped, being confirmable. */
  expiresAt: number;
  /** Wrong codes since the newest setup began. */
  wrongCodes: number;
}

export interface ActiveEnrollment extends Enrollment {
  createdAt: number;
  /** Time step of the last accepted code: no code of it or of an earlier one is accepted. */
  lastUsedStep: number;
  /** When a code was last accepted, a backup code included; 0 if none was, as after an import. */
  verifiedAt: number;
}

export interface BackupCodeSet {
  /** Key of the hashes, base64url. */
  salt: string;
  /** A hash for each unused code, base64url. */
  hashes: readonly string[];
}

export interface Lockout {
  /** Wrong codes since the last accepted one. */
  wrongCodes: number;
  /** End of the lock that wrong codes in a row led to; 0 if there is none. */
  lockedUntil: number;
  /** How far the weekly allowance is used: each wrong code moves this time into the future. */
  allowanceUsedUntil: number;
  /** When a refusal under the lock was last reported; 0 if none was. */
  reportedAt: number;
}

/** A login whose password was right, and that waits for its second step. */
export interface Login {
  /** Of the session id, base64url. */
  hash: string;
  expiresAt: number;
  /** Whether it admits to setup and confirmation, as TOTP was off when it began. */
  mustEnroll: boolean;
}

/** A device on which the second step is skipped. */
export interface Device {
  /** Public, to revoke it by. */
  id: string;
  /** Of its token, base64url. */
  hash: string;
  label?: string | undefined;
  createdAt: number;
  expiresAt: number;
}

/** All that is kept of a user. */
export interface TotpState {
  pending?: PendingSetups | undefined;
  active?: ActiveEnrollment | undefined;
  backupCodes?: BackupCodeSet | undefined;
  lockout?: Lockout | undefined;
  /** Oldest first, as the devices. */
  logins?: readonly Login[] | undefined;
  devices?: readonly Device[] | undefined;
}

export const EMPTY_STATE: TotpState = {};
