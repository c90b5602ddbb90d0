import type { Awaitable } from "../base/awaitable.js";
import type { IdOf, TotpUser } from "../base/user.js";
import type { EncryptionKeys } from "../encryption/keys.js";
import type { EnrollmentOptions } from "../enrollment/options.js";
import type { TotpStore } from "../stores/store.js";
import type { TotpEvent } from "./events.js";
import type { BackupCodeLength } from "./machine/backup-codes.js";

/** How backup codes are generated. */
export interface BackupCodeOptions {
  /**
   * How many codes a set has, 1 to 20.
   *
   * @default 10
   */
  count?: number | undefined;
  /**
   * Characters of a code, of 5 bits each: 16, 20, 24 or 28. 24 meet the 112 bits of NIST SP 800-63B.
   *
   * @default 16
   */
  length?: BackupCodeLength | undefined;
}

/** How what the store keeps is encrypted. */
export interface EncryptionOptions extends EncryptionKeys {
  /**
   * Whether values that are not encrypted are read. Set it only while you encrypt values from before: as long as
   * it is on, whoever can write to the database can put in an enrollment of their own.
   *
   * @default false
   */
  acceptPlaintext?: boolean | undefined;
}

/** Options of {@link createTotpService}. */
export interface TotpServiceOptions<User extends TotpUser = TotpUser> extends EnrollmentOptions {
  /** Where the users' states are kept. */
  store: TotpStore;
  /**
   * Who the account is with: the app's or company's name, which the authenticator app shows.
   *
   * @default none: the authenticator app shows the account name alone
   */
  issuer?: string | ((user: User) => Awaitable<string>) | undefined;
  /**
   * Whose account it is, as the authenticator app shows it: often an email address.
   *
   * @default the user's own `accountName`, else the id
   */
  accountName?: ((user: User) => Awaitable<string>) | undefined;
  /**
   * Time steps before and after the current one in which a code is accepted, 0 to 2.
   *
   * @default 1
   */
  window?: number | undefined;
  /**
   * Encrypts what the store keeps with AES-256-GCM, each value bound to its user. To change the key, first add the
   * new one to `previous` in every process, then make it `current` and keep the old one in `previous`. Values move
   * to it as users sign in, or by `reencrypt`.
   *
   * @default none: the store keeps plain text
   */
  encryption?: EncryptionOptions | undefined;
  /**
   * How backup codes are generated; `false` turns them off.
   *
   * @default { count: 10, length: 16 }
   */
  backupCodes?: BackupCodeOptions | false | undefined;
  /**
   * How long a trusted device needs no second step, in days, 1 to 365.
   *
   * @default 30
   */
  trustedDeviceDays?: number | undefined;
  /** Called with each event, for an audit log. What it throws changes no outcome. */
  onEvent?: ((event: TotpEvent<IdOf<User>>) => unknown) | undefined;
}
