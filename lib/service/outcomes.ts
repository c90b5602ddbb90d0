import type { CodeMethod } from "./events.js";

/** Single TOTP codes are not looked at for now. Backup codes and three consecutive codes are. */
export interface Locked {
  ok: false;
  reason: "locked";
  /** Whole seconds until the next code is looked at. */
  retryAfterSeconds: number;
}

/** Too many calls for this user at the same time; nothing was accepted or counted. */
export interface Busy {
  ok: false;
  reason: "busy";
  /** Whole seconds after which to try again. */
  retryAfterSeconds: number;
}

export interface Refused<Reason extends string> {
  ok: false;
  reason: Reason;
}

/** The first code of a setup would be right at another time: one of the two clocks is off. */
export interface ClockSkew {
  ok: false;
  reason: "clock_skew";
  /** How far the authenticator app's clock is ahead, in seconds; negative if it is behind. */
  offsetSeconds: number;
}

/** A wrong or used code, a text that no code looks like, a lock, or too many calls at once. */
export type CodeRefused = Refused<"wrong_code" | "malformed_code"> | Locked | Busy;

/** A change came without a proof while TOTP is on (`code_required`), or with one that is refused. */
export type ProofRefused = Refused<"code_required"> | CodeRefused;

/** A setup that has begun. */
export interface Setup {
  ok: true;
  /** For typing by hand: unpadded upper-case base32. */
  secret: string;
  /** What the QR code says. */
  otpauthUri: string;
  /** URL of the QR code's image, for an `<img src>`. */
  qrCodeUrl: string;
  /** When the secret stops being confirmable. */
  expiresAt: Date;
}

/** Outcome of `beginSetup`. */
export type BeginSetupOutcome = Setup | ProofRefused | Refused<"not_authorized">;

/** Outcome of `resumeSetup`. */
export type ResumeSetupOutcome = Setup | Refused<"nothing_pending">;

/** Outcome of `confirm`. `expired` and `nothing_pending` ask for a new setup. */
export type ConfirmOutcome =
  | {
      ok: true;
      /** To be shown this once; only hashes are kept. Empty if backup codes are off. */
      backupCodes: string[];
    }
  | Refused<"nothing_pending" | "expired" | "already_enabled" | "wrong_code" | "malformed_code">
  | ClockSkew
  | Busy;

/** Outcome of `importEnrollment`. */
export type ImportOutcome =
  | {
      ok: true;
      /** Length of the secret. RFC 4226 §4 (R6) asks for 128: have users with less set TOTP up again. */
      secretBits: number;
    }
  | Refused<"already_enabled">
  | Busy;

/** Outcome of `verify`. */
export type VerifyOutcome =
  | {
      ok: true;
      method: CodeMethod;
      backupCodesRemaining: number;
      /**
       * Of three consecutive codes: how far the authenticator app's clock is ahead, in seconds, negative if
       * it is behind. Tell the user to set it.
       */
      clockOffsetSeconds?: number;
    }
  | Refused<"not_enabled">
  | CodeRefused;

/** Outcome of `disable`. */
export type DisableOutcome =
  | {
      ok: true;
      /** Whether TOTP was on before. */
      wasEnabled: boolean;
    }
  | ProofRefused;

/** Outcome of `regenerateBackupCodes`. */
export type RegenerateOutcome =
  | {
      ok: true;
      /** To be shown this once; only hashes are kept. The earlier ones are void. */
      backupCodes: string[];
    }
  | Refused<"not_enabled">
  | ProofRefused;

/** What is known of a user's TOTP, safe to show. */
export interface TotpStatus {
  isEnabled: boolean;
  /** When TOTP was last enabled. */
  createdAt?: Date;
  /** When a code was last accepted; left out if none was since an import. */
  verifiedAt?: Date;
  backupCodesRemaining: number;
  /** Until when single TOTP codes are refused, if that is in the future. */
  lockedUntil?: Date;
}

/** Frozen, as all calls get the same one. */
export const BUSY: Busy = Object.freeze({ ok: false, reason: "busy", retryAfterSeconds: 1 });
