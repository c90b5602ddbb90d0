import type { UserId } from "../base/user.js";

/**
 * The kind of an accepted code: a TOTP code, three consecutive TOTP codes in one field, or a backup code.
 *
 * @example
 * ```ts
 * const warnOf = (method: CodeMethod) => (method === "backup_code" ? "A backup code was used." : undefined);
 * ```
 */
export type CodeMethod = "totp" | "three_codes" | "backup_code";

/**
 * What a code was for: to confirm a setup, for `verify`, for the second step of a login, or for a change (`step_up`).
 *
 * @example
 * ```ts
 * const isLogin = (purpose: CodePurpose) => purpose === "login";
 * ```
 */
export type CodePurpose = "confirm" | "verify" | "login" | "step_up";

/**
 * The part of a {@link TotpEvent} that depends on its `type`. Branch on `type`: TypeScript then knows the other fields.
 *
 * @example
 * ```ts
 * function describe(event: EventBody): string {
 *   return event.type === "locked" ? `locked until ${event.until.toISOString()}` : event.type;
 * }
 * ```
 */
export type EventBody =
  /** A setup has begun. */
  | { type: "setup_started"; expiresAt: Date }
  /** A setup was confirmed: TOTP is on. */
  | {
      type: "enabled";
      /** Whether TOTP was on before: the user moved to another authenticator app. */
      wasEnabled: boolean;
      /** Time steps from the current one to that of the code. Not 0 if a clock is off. */
      offset: number;
    }
  /** An enrollment from another system was imported: TOTP is on. */
  | { type: "imported" }
  /** A code was accepted. */
  | {
      type: "verified";
      purpose: CodePurpose;
      method: CodeMethod;
      /** Time steps from the current one to that of the TOTP code. Not 0 if a clock is off. */
      offset?: number;
      /** With three consecutive codes: how far the authenticator app's clock is ahead, in seconds. */
      clockOffsetSeconds?: number;
      backupCodesRemaining: number;
      /** Wrong codes since the last accepted one. A large number means that somebody was guessing. */
      wrongCodesBefore: number;
    }
  /** A code was refused. */
  | {
      type: "rejected";
      purpose: CodePurpose;
      /** `clock_skew`: the code is right within 20 time steps, so one of the two clocks is probably off. */
      reason: "wrong" | "already_used" | "clock_skew";
      /** Time steps from the current one to that of the code. Missing if the code is wrong. */
      offset?: number;
    }
  /** There were too many wrong codes: single TOTP codes are refused until then. */
  | { type: "locked"; purpose: CodePurpose; until: Date }
  /** A code was refused because of a lock. Emitted at most once per minute and user. */
  | { type: "refused_while_locked"; purpose: CodePurpose; until: Date }
  /** An administrator ended a lock, or reset the count of wrong codes. */
  | { type: "unlocked" }
  /** TOTP was turned off. */
  | { type: "disabled" }
  /** An administrator removed everything that was stored for the user. */
  | { type: "reset" }
  /** A value was read that is not encrypted. Only with `acceptPlaintext`. */
  | { type: "plaintext_read" }
  /** All backup codes were replaced. */
  | { type: "backup_codes_regenerated" }
  /** A login has begun, and waits for its second step. */
  | { type: "login_begun"; expiresAt: Date; mustEnroll: boolean }
  /** A login required no second step, because it came from a trusted device. */
  | { type: "login_by_device"; deviceId: string }
  /** A device was trusted: its next login requires no second step. */
  | { type: "device_trusted"; deviceId: string; label?: string; expiresAt: Date }
  /** A device is no longer trusted. */
  | { type: "device_revoked"; deviceId: string }
  /** Only two unused backup codes are left. Emitted once per set. */
  | { type: "backup_codes_low"; backupCodesRemaining: number };

/**
 * Who made a call: `"user"`, or `"trusted"` for calls with {@link TRUSTED} and calls for administrators.
 *
 * @example
 * ```ts
 * const nameOf = (by: Actor) => (by === "user" ? "the user" : "an administrator");
 * ```
 */
export type Actor = "user" | "trusted";

interface Circumstances {
  /** `trusted` if the call was made with {@link TRUSTED}, or is one for administrators. */
  by: Actor;
  /** When it happened. */
  at: Date;
  /** The `context` that was passed to the call. */
  context?: unknown;
}

/**
 * An event for an audit log. Never contains a secret, a code, a backup code, or an API key.
 *
 * @example
 * ```ts
 * function onEvent(event: TotpEvent): void {
 *   console.log(event.at.toISOString(), event.type, event.userId ?? "nobody", event.by);
 *   if (event.type === "locked") console.log(`until ${event.until.toISOString()}`);
 * }
 * const totp = createTotpService({ store, issuer: "Acme", onEvent });
 * ```
 */
export type TotpEvent<Id extends UserId = UserId> =
  | (EventBody &
      Circumstances & {
        /** The user's id, as the app passed it. */
        userId: Id;
      })
  /** A router or guard could not identify a user: a rejected API key, or nobody signed in. */
  | (Circumstances & { type: "unauthenticated"; userId?: undefined });
