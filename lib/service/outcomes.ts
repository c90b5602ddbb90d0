/** No answer can be given to this code now, and none was: the budget of wrong codes is spent. */
export interface Locked {
  ok: false;
  reason: "locked";
  /** Whole seconds until the next attempt is possible. */
  retryAfterSeconds: number;
}

/** Too many calls for this user at the same moment; nothing was accepted or counted. */
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

/** A wrong or already used code, a text that no code looks like, or no answer for now. */
export type CodeRefused = Refused<"wrong_code" | "malformed_code"> | Locked | Busy;

/** A change that needs a fresh code came without one (`code_required`) or with an unusable one. */
export type StepUpRefused = Refused<"code_required"> | CodeRefused;

/** What `beginSetup` came to. */
export type BeginSetupOutcome =
  | {
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
  | StepUpRefused;

/** What `savePendingSecret` came to. */
export type SavePendingOutcome = { ok: true } | StepUpRefused;

/** What `confirm` came to. `expired` and `nothing_pending` ask for a new setup. */
export type ConfirmOutcome =
  | {
      ok: true;
      /** To be shown this once; only hashes are kept. */
      backupCodes: string[];
    }
  | Refused<"nothing_pending" | "expired">
  | CodeRefused;

/** What `importEnrollment` came to. */
export type ImportOutcome =
  | {
      ok: true;
      /** Length of the secret. RFC 4226 §4 (R6) asks for 128: have users with less set TOTP up again. */
      secretBits: number;
    }
  | Refused<"already_enabled">
  | Busy;

/** What `verify` came to. */
export type VerifyOutcome =
  | { ok: true; method: "totp" | "backup_code"; backupCodesRemaining: number }
  | Refused<"not_enabled">
  | CodeRefused;

/** What `disable` came to. */
export type DisableOutcome =
  | {
      ok: true;
      /** Whether TOTP was on before. */
      wasEnabled: boolean;
    }
  | StepUpRefused;

/** What `regenerateBackupCodes` came to. */
export type RegenerateOutcome =
  | {
      ok: true;
      /** To be shown this once; only hashes are kept. The earlier ones are void. */
      backupCodes: string[];
    }
  | Refused<"not_enabled">
  | StepUpRefused;

/** What is known of a user's TOTP, safe to show. */
export interface TotpStatus {
  isEnabled: boolean;
  /** When TOTP was last enabled. */
  createdAt?: Date;
  /** When a code was last accepted; left out where none was since an import. */
  verifiedAt?: Date;
  backupCodesRemaining: number;
  /** Until when no code is accepted, where that is in the future. */
  lockedUntil?: Date;
}
