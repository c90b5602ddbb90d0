import type { Awaitable } from "../base/awaitable.js";
import type { IdOf, TotpUser } from "../base/user.js";
import type { EncryptionKeys } from "../encryption/keys.js";
import type { EnrollmentOptions } from "../enrollment/options.js";
import type { TotpStore } from "../stores/store.js";
import type { TotpEvent } from "./events.js";
import type { BackupCodeLength } from "./machine/backup-codes.js";

/**
 * Options of the backup codes.
 *
 * @example
 * ```ts
 * const backupCodes: BackupCodeOptions = { count: 8, length: 24 };
 * const totp = createTotpService({ store, issuer: "Acme", backupCodes });
 * ```
 */
export interface BackupCodeOptions {
  /**
   * Number of codes in a set, 1 to 20.
   *
   * @default 10
   */
  count?: number | undefined;
  /**
   * Characters of a code, of 5 random bits each: 16, 20, 24, or 28. 24 meet the 112 bits of NIST SP 800-63B.
   *
   * @default 16
   */
  length?: BackupCodeLength | undefined;
}

/**
 * How the stored values are encrypted.
 *
 * @example
 * ```ts
 * const encryption: EncryptionOptions = { current: { id: "2026", key: process.env.TOTP_KEY ?? "" } };
 * const totp = createTotpService({ store, issuer: "Acme", encryption });
 * ```
 */
export interface EncryptionOptions extends EncryptionKeys {
  /**
   * Whether values that are not encrypted can be read. Set it only while you encrypt existing values: as long as it is
   * on, whoever can write to the database can insert an enrollment of their own.
   *
   * @default false
   */
  acceptPlaintext?: boolean | undefined;
}

/**
 * Options of {@link createTotpService}.
 *
 * @example
 * ```ts
 * const options: TotpServiceOptions = {
 *   store: createMemoryStore(),
 *   issuer: "Acme",
 *   onEvent: (event) => console.log(event.type, event.userId),
 * };
 * const totp = createTotpService(options);
 * ```
 */
export interface TotpServiceOptions<User extends TotpUser = TotpUser> extends EnrollmentOptions {
  /** Stores one string per user. */
  store: TotpStore;
  /**
   * The name of your app in the authenticator app: a string, or a function that returns it.
   *
   * @default none: the authenticator app shows the account name alone
   */
  issuer?: string | ((user: User) => Awaitable<string>) | undefined;
  /**
   * Returns the name of the account in the authenticator app, often an email address.
   *
   * @default the user's own `accountName`, else the id
   */
  accountName?: ((user: User) => Awaitable<string>) | undefined;
  /**
   * Time steps before and after the current one that are accepted, 0 to 2.
   *
   * @default 1
   */
  window?: number | undefined;
  /**
   * Encrypts the stored values with AES-256-GCM, each bound to its user. To change the key, first add the new one to
   * `previous` in every process, then make it `current` and keep the old one in `previous`. A value is encrypted with
   * the new key when it is next written, or by `reencrypt`.
   *
   * @default none: stored values are not encrypted
   */
  encryption?: EncryptionOptions | undefined;
  /**
   * Options of the backup codes, or `false` to turn them off.
   *
   * @default { count: 10, length: 16 }
   */
  backupCodes?: BackupCodeOptions | false | undefined;
  /**
   * Days in which a login on a trusted device requires no second step, 1 to 365.
   *
   * @default 30
   */
  trustedDeviceDays?: number | undefined;
  /** Called with each event, for an audit log. If it throws, the outcome is the same. */
  onEvent?: ((event: TotpEvent<IdOf<User>>) => unknown) | undefined;
}
