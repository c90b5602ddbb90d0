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
  Busy,
  ConfirmOutcome,
  DisableOutcome,
  ImportOutcome,
  RegenerateOutcome,
  ResumeSetupOutcome,
  TotpStatus,
  VerifyOutcome,
} from "./outcomes.js";
import type { ProofOptions } from "./proof.js";
import type { BeginSetupOptions } from "./setup.js";

/**
 * The whole life cycle of TOTP over one store. It knows nothing of HTTP. What a user can cause is an
 * outcome, `{ ok: false, reason }`; only a failing store and a programmer's mistake are exceptions.
 */
export interface TotpService<User extends TotpUser = TotpUser> {
  /**
   * Generates a secret and saves it as pending. An enabled enrollment stays as it is until the new one is
   * confirmed, and needs a proof. Up to three setups are pending side by side.
   */
  beginSetup(user: User, options?: BeginSetupOptions): Promise<BeginSetupOutcome>;
  /** Renders the QR code of a pending secret again, for a page that is reloaded. */
  resumeSetup(user: User, secret: string): Promise<ResumeSetupOutcome>;
  /** Enables the pending enrollment that the code is of. The code is used up by that. */
  confirm(userId: UserId, code: string, options?: CallOptions): Promise<ConfirmOutcome>;
  /**
   * Enables a secret that the user has in an authenticator app already, from another library or system, and
   * drops what is pending. If TOTP is on it changes nothing, so a migration can be run again.
   *
   * @throws {@link TotpConfigError} if the secret is not of its encoding, or another option is unusable.
   * @example
   * ```ts
   * await totp.importEnrollment(row.id, { secret: row.totp_secret, encoding: "hex" });
   * ```
   */
  importEnrollment(userId: UserId, existing: ExistingEnrollment): Promise<ImportOutcome>;
  /** Accepts a TOTP code, a backup code, or three consecutive TOTP codes, and uses them up. */
  verify(userId: UserId, code: string, options?: CallOptions): Promise<VerifyOutcome>;
  /**
   * Begins the second step of a login, once the password was right. If `isRequired`, the user is signed in
   * only when `completeLogin` has accepted a code for `sessionId`, within five minutes. It is not required
   * while TOTP is off, unless `mustEnroll`, nor on a trusted device.
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
  /** Returns the login of a session id that waits for its second step, without using the session up. */
  findLogin(sessionId: string): Promise<WaitingLogin | undefined>;
  /**
   * Completes a login with a code as `verify` takes them, and uses up its session. With `mustEnroll`, the
   * code confirms the setup that was begun meanwhile.
   */
  completeLogin(
    sessionId: string,
    code: string,
    options?: CallOptions,
  ): Promise<CompleteLoginOutcome>;
  /** Trusts a device after its user gave a code: with `token`, `beginLogin` needs no second step there. */
  trustDevice(userId: UserId, options?: TrustDeviceOptions): Promise<TrustDeviceOutcome>;
  /** Returns the trusted devices that have not expired, oldest first. */
  listDevices(userId: UserId): Promise<TrustedDevice[]>;
  /** Revokes a trusted device; does nothing if there is none with this id. */
  revokeDevice(userId: UserId, id: string, options?: CallOptions): Promise<{ ok: true } | Busy>;
  /** Revokes all trusted devices and ends waiting logins. Call it when the password changes. */
  revokeDevices(userId: UserId, options?: CallOptions): Promise<{ ok: true } | Busy>;
  /** Returns what may be shown of a user's TOTP. */
  status(userId: UserId): Promise<TotpStatus>;
  /**
   * Forgets the secret, the backup codes and anything pending; does nothing if there is nothing. Needs a
   * proof while TOTP is on.
   */
  disable(userId: UserId, options: ProofOptions): Promise<DisableOutcome>;
  /** Replaces all backup codes. Needs a proof. */
  regenerateBackupCodes(userId: UserId, options: ProofOptions): Promise<RegenerateOutcome>;
  /** For administrators: ends a lock, forgives the wrong codes before it, and refills the allowance. */
  unlock(userId: UserId, options?: CallOptions): Promise<{ ok: true } | Busy>;
  /**
   * For administrators: removes everything that is kept of a user, also a value that cannot be read any
   * more, as after the loss of a key. TOTP is off afterwards. `changed` is whether there was anything to do.
   */
  reset(userId: UserId, options?: CallOptions): Promise<{ ok: true; changed: boolean } | Busy>;
  /**
   * Encrypts what is kept of a user under the current key, unless it is already: for a batch over all users
   * after a new key. `changed` is whether there was anything to do.
   */
  reencrypt(userId: UserId): Promise<{ ok: true; changed: boolean } | Busy>;
  /** The options as checked, with every default in place. */
  readonly config: Readonly<ServiceConfig>;
}
