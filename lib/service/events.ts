import type { UserId } from "../base/user.js";

/** How a user proved to have the authenticator app or the backup codes. */
export type CodeMethod = "totp" | "three_codes" | "backup_code";

/** Which call a code came with. */
export type CodePurpose = "confirm" | "verify" | "login" | "step_up";

/** What happened, without the circumstances that every event has. */
export type EventBody =
  /** A setup has begun. */
  | { type: "setup_started"; expiresAt: Date }
  /** A setup was confirmed: TOTP is on. */
  | {
      type: "enabled";
      /** Time steps from the current one to that of the code; not 0 if a clock is off. */
      offset: number;
    }
  /** An enrollment of another system was imported: TOTP is on. */
  | { type: "imported" }
  /** A code was accepted. */
  | {
      type: "verified";
      purpose: CodePurpose;
      method: CodeMethod;
      /** Time steps from the current one to that of the TOTP code; not 0 if a clock is off. */
      offset?: number;
      /** Of three consecutive codes: how far the authenticator app's clock is ahead, in seconds. */
      clockOffsetSeconds?: number;
      backupCodesRemaining: number;
      /** Wrong codes since the last accepted one. Many of them mean that somebody was guessing. */
      wrongCodesBefore: number;
    }
  /** A code was refused. */
  | {
      type: "rejected";
      purpose: CodePurpose;
      /** `clock_skew`: right within 20 time steps, so one of the two clocks is probably off. */
      reason: "wrong" | "already_used" | "clock_skew";
      /** Time steps from the current one to that of the code, if it is one of the secret's. */
      offset?: number;
    }
  /** Too many wrong codes: single TOTP codes are refused until then. */
  | { type: "locked"; purpose: CodePurpose; until: Date }
  /** A code was refused under a lock. Reported at most once a minute and user. */
  | { type: "refused_while_locked"; purpose: CodePurpose; until: Date }
  /** An administrator ended a lock, or forgave the wrong codes that would have led to one. */
  | { type: "unlocked" }
  | { type: "disabled" }
  /** An administrator removed everything that was kept of the user. */
  | { type: "reset" }
  /** A value was read that is not encrypted, under `acceptPlaintext`. */
  | { type: "plaintext_read" }
  | { type: "backup_codes_regenerated" }
  /** The password of a login was right, and its second step is waited for. */
  | { type: "login_begun"; expiresAt: Date; mustEnroll: boolean }
  /** A login needed no second step, as it came from a trusted device. */
  | { type: "login_by_device"; deviceId: string }
  | { type: "device_trusted"; deviceId: string; label?: string; expiresAt: Date }
  | { type: "device_revoked"; deviceId: string }
  /** The number of unused backup codes has fallen to two. Reported once a set. */
  | { type: "backup_codes_low"; backupCodesRemaining: number };

/** Who made a call: the user, or code of the app that vouches for it. */
export type Actor = "user" | "trusted";

interface Circumstances {
  /** `trusted` if the call came with {@link TRUSTED}, or is one for administrators. */
  by: Actor;
  at: Date;
  /** What the call was given as `context`. */
  context?: unknown;
}

/** What happened, for an audit log. It never holds a secret, a code, a backup code or an API key. */
export type TotpEvent<Id extends UserId = UserId> =
  | (EventBody & Circumstances & { /** As the app passed it. */ userId: Id })
  /** A router or guard could not identify a user: a rejected API key, or nobody signed in. */
  | (Circumstances & { type: "unauthenticated"; userId?: undefined });
