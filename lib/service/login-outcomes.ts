import type { CodeMethod } from "./events.js";
import type { Busy, CodeRefused, ConfirmOutcome, Refused, VerifyOutcome } from "./outcomes.js";

/**
 * Outcome of `beginLogin`. Unless `isRequired` is `false`, the user is not signed in: only `completeLogin`
 * may do that.
 */
export type BeginLoginOutcome =
  | {
      ok: true;
      isRequired: true;
      /** Whether TOTP is off and has to be set up first: `completeLogin` takes the code that confirms it. */
      mustEnroll: boolean;
      /** For `completeLogin`; keep it in the app's session, or send it to the client. */
      sessionId: string;
      expiresAt: Date;
    }
  | { ok: true; isRequired: false; mustEnroll: false }
  | (Busy & { isRequired: true });

/** A login that waits for its second step. */
export interface WaitingLogin {
  /** As of {@link CompleteLoginOutcome}. */
  userId: string | number | bigint;
  /** Whether TOTP has to be set up first. */
  mustEnroll: boolean;
  expiresAt: Date;
}

/** Outcome of `completeLogin`. */
export type CompleteLoginOutcome =
  | {
      ok: true;
      /** A string, number or bigint as it was; an object's id as its string. */
      userId: string | number | bigint;
      method: CodeMethod;
      backupCodesRemaining: number;
      /** As in {@link VerifyOutcome}. */
      clockOffsetSeconds?: number;
      /** If the code confirmed a setup: to be shown this once. */
      backupCodes?: string[];
    }
  | Refused<"unknown_session" | "not_enabled">
  | Exclude<ConfirmOutcome, { ok: true }>
  | CodeRefused;

/** A device on which `beginLogin` needs no second step. */
export interface TrustedDevice {
  id: string;
  label?: string;
  createdAt: Date;
  expiresAt: Date;
}

/** Outcome of `trustDevice`. */
export type TrustDeviceOutcome =
  | {
      ok: true;
      /** For `revokeDevice`. */
      id: string;
      /** For `beginLogin`; given out this once, only its hash is kept. */
      token: string;
      expiresAt: Date;
    }
  | Refused<"not_enabled">
  | Busy;
