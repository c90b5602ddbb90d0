import type { TotpUser, UserId } from "../base/user.js";
import type { ServiceConfig } from "./config.js";
import type { CallOptions } from "./core.js";
import type { TrustDeviceOptions } from "./devices.js";
import type { ExistingEnrollment } from "./import.js";
import type { BeginLoginOptions } from "./login.js";
import type {
  BeginLoginOutcome,
  CompleteLoginOutcome,
  TrustDeviceOutcome,
  TrustedDevice,
  WaitingLogin,
} from "./login-outcomes.js";
import type {
  BeginSetupOutcome,
  ConfirmOutcome,
  DisableOutcome,
  ImportOutcome,
  RegenerateOutcome,
  ResumeSetupOutcome,
  TotpStatus,
  VerifyOutcome,
} from "./outcomes.js";
import type { ProofOptions } from "./proof.js";
import type { Busy } from "./refusals.js";
import type { BeginSetupOptions } from "./setup.js";

/**
 * The whole life cycle of TOTP, independent of HTTP. Created by {@link createTotpService}. User errors, such as a wrong
 * code, are returned as an outcome, `{ ok: false, reason }`. A method rejects only if an argument is invalid ({@link
 * TotpConfigError}), a stored value cannot be read ({@link TotpStateError}), a callback or the store is too slow
 * ({@link TotpTimeoutError}) or returns something unusable ({@link TotpCallbackError}), or the store rejects.
 *
 * @example
 * ```ts
 * async function turnOff(totp: TotpService, userId: number, code: string): Promise<string> {
 *   const outcome = await totp.disable(userId, { proof: { code } });
 *   return outcome.ok ? "TOTP is off" : outcome.reason;
 * }
 * ```
 */
export interface TotpService<User extends TotpUser = TotpUser> {
  /**
   * Generates a secret and saves it as pending. While TOTP is on, this requires a proof, and the current enrollment
   * remains active until the new one is confirmed. Up to three setups can be pending at the same time.
   *
   * @throws {@link TotpConfigError} if the user has no valid id.
   */
  beginSetup(user: User, options?: BeginSetupOptions): Promise<BeginSetupOutcome>;
  /** Renders the QR code of a pending secret again, for a page that is reloaded. */
  resumeSetup(user: User, secret: string): Promise<ResumeSetupOutcome>;
  /** Enables the pending enrollment that the code belongs to, and uses up the code. */
  confirm(userId: UserId, code: string, options?: CallOptions): Promise<ConfirmOutcome>;
  /**
   * Enables a secret from another library or system that the user already has in an authenticator app, and removes
   * pending setups. Changes nothing if TOTP is on, so a migration can be run again.
   *
   * @throws {@link TotpConfigError} if the secret does not have this encoding, or an option is invalid.
   * @example
   * ```ts
   * await totp.importEnrollment(row.id, { secret: row.totp_secret, encoding: "hex" });
   * ```
   */
  importEnrollment(userId: UserId, existing: ExistingEnrollment): Promise<ImportOutcome>;
  /** Accepts a TOTP code, a backup code, or three consecutive TOTP codes, and uses them up. */
  verify(userId: UserId, code: string, options?: CallOptions): Promise<VerifyOutcome>;
  /**
   * Begins the second step of a login. Call it after the password was right. If `isRequired`, sign the user in only
   * after `completeLogin` has accepted a code for `sessionId`, within five minutes. It is not required on a trusted
   * device, or while TOTP is off (unless `mustEnroll` is set).
   *
   * @example
   * ```ts
   * const login = await totp.beginLogin(user.id, { deviceToken: req.cookies.device });
   * if (!login.ok) return res.status(429).end();
   * if (!login.isRequired) return signIn(req, user.id);
   * req.session.totpLogin = login.sessionId;
   * ```
   */
  beginLogin(userId: UserId, options?: BeginLoginOptions): Promise<BeginLoginOutcome>;
  /** Returns the waiting login of a session id, without using it up. `undefined` if there is none. */
  findLogin(sessionId: string): Promise<WaitingLogin | undefined>;
  /**
   * Completes a login with any code that `verify` accepts, and uses up its session. If TOTP is off and `mustEnroll` was
   * set, the code confirms the setup that has begun since then.
   */
  completeLogin(
    sessionId: string,
    code: string,
    options?: CallOptions,
  ): Promise<CompleteLoginOutcome>;
  /**
   * Trusts a device: with the `token`, `beginLogin` requires no second step. Call it only after a code was accepted.
   */
  trustDevice(userId: UserId, options?: TrustDeviceOptions): Promise<TrustDeviceOutcome>;
  /** Returns the trusted devices that have not expired, oldest first. */
  listDevices(userId: UserId): Promise<TrustedDevice[]>;
  /** Revokes a trusted device. Does nothing if there is none with this id. */
  revokeDevice(userId: UserId, id: string, options?: CallOptions): Promise<{ ok: true } | Busy>;
  /** Revokes all trusted devices and ends waiting logins. Call it when the password changes. */
  revokeDevices(userId: UserId, options?: CallOptions): Promise<{ ok: true } | Busy>;
  /** Returns whether TOTP is on, and other facts that are not secret. */
  status(userId: UserId): Promise<TotpStatus>;
  /**
   * Turns TOTP off: removes the secret, the backup codes, the devices, and pending setups. Requires a proof while TOTP
   * is on.
   */
  disable(userId: UserId, options: ProofOptions): Promise<DisableOutcome>;
  /** Replaces all backup codes. Requires a proof. */
  regenerateBackupCodes(userId: UserId, options: ProofOptions): Promise<RegenerateOutcome>;
  /**
   * For administrators: ends a lock, resets the count of wrong codes, and refills the weekly allowance. `changed` is
   * whether there was a lock or a wrong code.
   */
  unlock(userId: UserId, options?: CallOptions): Promise<{ ok: true; changed: boolean } | Busy>;
  /**
   * For administrators: removes everything that is stored for a user, even a value that cannot be read, for example
   * because its key is lost. TOTP is off afterwards. `changed` is whether there was a value.
   */
  reset(userId: UserId, options?: CallOptions): Promise<{ ok: true; changed: boolean } | Busy>;
  /**
   * Encrypts the stored value of a user with the current key. After a change of keys, call it for all users. `changed`
   * is whether it was not encrypted with that key already.
   */
  reencrypt(userId: UserId): Promise<{ ok: true; changed: boolean } | Busy>;
  /** The checked options, with all defaults filled in. */
  readonly config: Readonly<ServiceConfig>;
}
