import type { ResolvedTotpParameters } from "../otp/parameters.js";

/** What makes codes. Each enrollment keeps its own parameters, so that new defaults change no old one. */
export interface Enrollment extends ResolvedTotpParameters {
  secret: string;
}

export interface PendingEnrollment extends Enrollment {
  /** Milliseconds since 1970, as every time in a state. */
  expiresAt: number;
}

export interface ActiveEnrollment extends Enrollment {
  createdAt: number;
  /** The time step of the last accepted code: no code of it or of an earlier one is accepted. */
  lastUsedStep: number;
  /** When a code was last accepted, a backup code included; 0 where none was, as after an import. */
  verifiedAt: number;
}

export interface BackupCodeSet {
  /** One salt for the set, base64url. */
  salt: string;
  /** The cost parameter N that the set was hashed with (RFC 7914 §2). */
  cost: number;
  /** A hash for each unused code, base64url. */
  hashes: readonly string[];
}

export interface Attempts {
  /** Wrong codes since the last accepted one or the last lock. */
  failures: number;
  /** Locks since the last accepted code. */
  locks: number;
  lockedUntil: number;
}

/** All that is remembered of a user. */
export interface TotpState {
  pending?: PendingEnrollment | undefined;
  active?: ActiveEnrollment | undefined;
  backupCodes?: BackupCodeSet | undefined;
  attempts?: Attempts | undefined;
}

export const EMPTY_STATE: TotpState = {};
