import type { CodeMethod } from "./events.js";
import type { ConfirmOutcome, VerifyOutcome } from "./outcomes.js";
import type { Busy, CodeRefused, Refused } from "./refusals.js";

/**
 * Outcome of {@link TotpService.beginLogin}. If `isRequired` is `false`, sign the user in. Otherwise, only
 * `completeLogin` decides.
 *
 * @example
 * ```ts
 * const login: BeginLoginOutcome = await totp.beginLogin(user.id);
 * if (!login.ok) return res.status(429).end();
 * if (!login.isRequired) return signIn(req, user.id);
 * return res.json({ session_id: login.sessionId });
 * ```
 */
export type BeginLoginOutcome =
  | {
      ok: true;
      isRequired: true;
      /** Whether TOTP is off and must be set up first. `completeLogin` then confirms the setup. */
      mustEnroll: boolean;
      /** For `completeLogin`. Store it in the app's session, or send it to the client. */
      sessionId: string;
      /** When the login expires. */
      expiresAt: Date;
    }
  | { ok: true; isRequired: false; mustEnroll: false }
  | (Busy & { isRequired: true });

/**
 * A login that waits for its second step.
 *
 * @example
 * ```ts
 * const login: WaitingLogin | undefined = await totp.findLogin(sessionId);
 * if (!login) return res.redirect("/sign-in");
 * ```
 */
export interface WaitingLogin {
  /** The user's id, as in {@link CompleteLoginOutcome}. */
  userId: string | number | bigint;
  /** Whether TOTP must be set up first. */
  mustEnroll: boolean;
  /** When the login expires. */
  expiresAt: Date;
}

/**
 * Outcome of {@link TotpService.completeLogin}. If `ok`, sign the user in.
 *
 * @example
 * ```ts
 * const outcome: CompleteLoginOutcome = await totp.completeLogin(sessionId, "123456");
 * if (!outcome.ok) return res.status(401).json({ reason: outcome.reason });
 * await signIn(req, outcome.userId);
 * return res.json({ backup_codes: outcome.backupCodes }); // only if the code confirmed a setup
 * ```
 */
export type CompleteLoginOutcome =
  | {
      ok: true;
      /** A string, number, or bigint keeps its type. An id that is an object becomes a string. */
      userId: string | number | bigint;
      /** The kind of the code. */
      method: CodeMethod;
      /** Number of unused backup codes. */
      backupCodesRemaining: number;
      /** As in {@link VerifyOutcome}. */
      clockOffsetSeconds?: number;
      /** Only if the code confirmed a setup. Show them now: they cannot be read again. */
      backupCodes?: string[];
    }
  | Refused<"unknown_session" | "not_enabled">
  | Exclude<ConfirmOutcome, { ok: true }>
  | CodeRefused;

/**
 * A device on which `beginLogin` requires no second step.
 *
 * @example
 * ```ts
 * const devices: TrustedDevice[] = await totp.listDevices(user.id);
 * const labels = devices.map(({ label, expiresAt }) => `${label ?? "a device"} until ${expiresAt.toDateString()}`);
 * ```
 */
export interface TrustedDevice {
  /** For `revokeDevice`. */
  id: string;
  /** The name of the device, if it has one. */
  label?: string;
  /** When it was trusted. */
  createdAt: Date;
  /** When a login on it requires a second step again. */
  expiresAt: Date;
}

/**
 * Outcome of {@link TotpService.trustDevice}. Store the token in a cookie of that device.
 *
 * @example
 * ```ts
 * const outcome: TrustDeviceOutcome = await totp.trustDevice(user.id);
 * if (outcome.ok) {
 *   res.cookie("device", outcome.token, { httpOnly: true, secure: true, expires: outcome.expiresAt });
 * }
 * ```
 */
export type TrustDeviceOutcome =
  | {
      ok: true;
      /** For `revokeDevice`. */
      id: string;
      /** For `beginLogin`. Only its hash is stored, so it cannot be read again. */
      token: string;
      /** When a login on this device requires a second step again. */
      expiresAt: Date;
    }
  | Refused<"not_enabled">
  | Busy;
