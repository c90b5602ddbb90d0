import type { CodeMethod } from "./events.js";
import type { Busy, ClockSkew, CodeRefused, ProofRefused, Refused } from "./refusals.js";

/**
 * A setup that has begun. Nothing is enabled until it is confirmed.
 *
 * @example
 * ```ts
 * const setup = await totp.beginSetup(user);
 * if (setup.ok) res.send(`<img src="${setup.qrCodeUrl}" alt=""> ${setup.secret}`);
 * ```
 */
export interface Setup {
  /** The setup has begun. */
  ok: true;
  /** The secret in unpadded upper-case base32, for typing it by hand. */
  secret: string;
  /** The text of the QR code. */
  otpauthUri: string;
  /** The QR code: what the option `qrCode` makes of the URI, for an `<img src>`. */
  qrCodeUrl: string;
  /** When the setup expires. */
  expiresAt: Date;
}

/**
 * Outcome of {@link TotpService.beginSetup}. `not_authorized` only with the option `isAuthorized: false`.
 *
 * @example
 * ```ts
 * const outcome: BeginSetupOutcome = await totp.beginSetup(user, { proof: { code: "123456" } });
 * if (!outcome.ok) return res.status(403).json({ reason: outcome.reason });
 * return res.json({ qr_code_url: outcome.qrCodeUrl });
 * ```
 */
export type BeginSetupOutcome = Setup | ProofRefused | Refused<"not_authorized">;

/**
 * Outcome of {@link TotpService.resumeSetup}. `nothing_pending` if the secret is unknown or has expired.
 *
 * @example
 * ```ts
 * const outcome: ResumeSetupOutcome = await totp.resumeSetup(user, secret);
 * const setup = outcome.ok ? outcome : await totp.beginSetup(user);
 * ```
 */
export type ResumeSetupOutcome = Setup | Refused<"nothing_pending">;

/**
 * Outcome of {@link TotpService.confirm}. After `expired` and `nothing_pending`, begin a new setup.
 *
 * @example
 * ```ts
 * const outcome: ConfirmOutcome = await totp.confirm(user.id, "123456");
 * if (!outcome.ok) return res.status(422).json({ reason: outcome.reason });
 * return res.json({ backup_codes: outcome.backupCodes });
 * ```
 */
export type ConfirmOutcome =
  | {
      ok: true;
      /** Show them now: only their hashes are stored. Empty if backup codes are off. */
      backupCodes: string[];
    }
  | Refused<"nothing_pending" | "expired" | "already_enabled" | "wrong_code" | "malformed_code">
  | ClockSkew
  | Busy;

/**
 * Outcome of {@link TotpService.importEnrollment}. `already_enabled` if TOTP was on: nothing was changed.
 *
 * @example
 * ```ts
 * const existing = { secret: "JBSWY3DPEHPK3PXPJBSWY3DP", encoding: "base32" } as const;
 * const outcome: ImportOutcome = await totp.importEnrollment(user.id, existing);
 * if (outcome.ok && outcome.secretBits < 128) console.log("Ask this user to set up TOTP again.");
 * ```
 */
export type ImportOutcome =
  | {
      ok: true;
      /** Length of the secret in bits. RFC 4226 §4 (R6) requires 128. Ask users with fewer to set up TOTP again. */
      secretBits: number;
    }
  | Refused<"already_enabled">
  | Busy;

/**
 * Outcome of {@link TotpService.verify}.
 *
 * @example
 * ```ts
 * const outcome: VerifyOutcome = await totp.verify(user.id, "123456");
 * if (!outcome.ok) return res.status(422).json({ reason: outcome.reason });
 * if (outcome.method === "backup_code") console.log(`${outcome.backupCodesRemaining} backup codes left`);
 * ```
 */
export type VerifyOutcome =
  | {
      ok: true;
      /** The kind of the code. */
      method: CodeMethod;
      /** Number of unused backup codes. */
      backupCodesRemaining: number;
      /**
       * With three consecutive codes: how far the authenticator app's clock is ahead, in seconds. Negative if it is
       * behind. Ask the user to set it.
       */
      clockOffsetSeconds?: number;
    }
  | Refused<"not_enabled">
  | CodeRefused;

/**
 * Outcome of {@link TotpService.disable}.
 *
 * @example
 * ```ts
 * const outcome: DisableOutcome = await totp.disable(user.id, { proof: { code: "123456" } });
 * if (outcome.ok && outcome.wasEnabled) console.log("TOTP is off now");
 * ```
 */
export type DisableOutcome =
  | {
      ok: true;
      /** Whether TOTP was on before. */
      wasEnabled: boolean;
    }
  | ProofRefused;

/**
 * Outcome of {@link TotpService.regenerateBackupCodes}.
 *
 * @example
 * ```ts
 * const outcome: RegenerateOutcome = await totp.regenerateBackupCodes(user.id, { proof: { code: "123456" } });
 * if (outcome.ok) res.json({ backup_codes: outcome.backupCodes });
 * ```
 */
export type RegenerateOutcome =
  | {
      ok: true;
      /** Show them now: only their hashes are stored. Earlier codes no longer work. */
      backupCodes: string[];
    }
  | Refused<"not_enabled">
  | ProofRefused;

/**
 * The status of a user's TOTP. Contains nothing secret.
 *
 * @example
 * ```ts
 * const status: TotpStatus = await totp.status(user.id);
 * console.log(status.isEnabled ? `on since ${status.createdAt?.toDateString()}` : "off");
 * ```
 */
export interface TotpStatus {
  /** Whether TOTP is on. */
  isEnabled: boolean;
  /** When TOTP was enabled. Only if it is on. */
  createdAt?: Date;
  /** When a code was last accepted. Missing if none was since an import. */
  verifiedAt?: Date;
  /** Number of unused backup codes. */
  backupCodesRemaining: number;
  /** When the lock of single TOTP codes ends. Only if there is one. */
  lockedUntil?: Date;
}
