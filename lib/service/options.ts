import type { Awaitable } from "../base/awaitable.js";
import type { TotpUser } from "../base/user.js";
import type { EncryptionKeys } from "../encryption/keys.js";
import type { EnrollmentOptions } from "../enrollment/options.js";
import type { TotpStore } from "../stores/store.js";
import type { TotpEvent } from "./events.js";
import type { AttemptPolicy } from "./lockout.js";

/** How backup codes are made. */
export interface BackupCodeOptions {
  /**
   * How many codes a set has, 1 to 20.
   *
   * @default 10
   */
  count?: number;
  /**
   * Cost parameter N of scrypt (RFC 7914 §2): a power of two, 1024 to 1 048 576. Kept with each set, so a
   * change makes no code void.
   *
   * @default 16384
   */
  cost?: number;
}

/** How what the store keeps is encrypted. */
export interface EncryptionOptions extends EncryptionKeys {
  /**
   * Whether values that are not encrypted are read. Set it only while you encrypt values from before: as long as
   * it is on, whoever can write to the database can put in an enrollment of their own.
   *
   * @default false
   */
  acceptPlaintext?: boolean;
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
  issuer?: string | ((user: User) => Awaitable<string>);
  /**
   * Whose account it is, as the authenticator app shows it: often an email address.
   *
   * @default the user's own `accountName`, else the id
   */
  accountName?: (user: User) => Awaitable<string>;
  /**
   * How many time steps before and after the present one are accepted, 0 to 10.
   *
   * @default 1
   */
  window?: number;
  /**
   * How many wrong codes lock a user, for how many seconds at first and at most. Every lock is twice as
   * long as the one before, until a code is accepted.
   *
   * @default { limit: 5, lockSeconds: 900, maxLockSeconds: 86400 }
   */
  attempts?: Partial<AttemptPolicy>;
  /**
   * Encrypts what the store keeps with AES-256-GCM, each value bound to its user. To change the key, first add the
   * new one to `previous` in every process, then make it `current` and keep the old one in `previous`. Values move
   * to it as users sign in, or by `reencrypt`.
   *
   * @default none: the store keeps plain text
   */
  encryption?: EncryptionOptions;
  /**
   * How backup codes are made.
   *
   * @default { count: 10, cost: 16384 }
   */
  backupCodes?: BackupCodeOptions;
  /** Told what happened, for an audit log. What it throws changes no outcome. */
  onEvent?: (event: TotpEvent) => unknown;
}
