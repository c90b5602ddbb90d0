import type { TotpUser, UserId } from "../base/user.js";
import type { PendingSecret } from "../enrollment/pending.js";
import {
  disable,
  reencrypt,
  regenerateBackupCodes,
  status,
  unlock,
  verifiedWithin,
} from "./changes.js";
import { confirm, verify } from "./codes.js";
import { resolveServiceOptions, type ServiceConfig } from "./config.js";
import { createCore } from "./core.js";
import { type ExistingEnrollment, importEnrollment } from "./import.js";
import type { TotpServiceOptions } from "./options.js";
import type {
  BeginSetupOutcome,
  Busy,
  ConfirmOutcome,
  DisableOutcome,
  ImportOutcome,
  RegenerateOutcome,
  SavePendingOutcome,
  TotpStatus,
  VerifyOutcome,
} from "./outcomes.js";
import { beginSetup, savePending } from "./setup.js";
import type { StepUp } from "./step-up.js";

/**
 * The whole life cycle of TOTP over one store. It knows nothing of HTTP. What a user can cause is an
 * outcome, `{ ok: false, reason }`; only a failing store and a programmer's mistake are exceptions.
 */
export interface TotpService<User extends TotpUser = TotpUser> {
  /**
   * Draws a secret and saves it as pending. An enabled enrollment stays as it is until the new one is
   * confirmed. With `stepUp`, a fresh code is needed while TOTP is on.
   */
  beginSetup(user: User, stepUp?: StepUp): Promise<BeginSetupOutcome>;
  /** Saves a secret that was drawn elsewhere, as `createTotpSetupRouter` does, under the same rules. */
  savePending(userId: UserId, pending: PendingSecret, stepUp?: StepUp): Promise<SavePendingOutcome>;
  /** Enables the pending enrollment if the code is of its secret. The code is used up by that. */
  confirm(userId: UserId, code: string): Promise<ConfirmOutcome>;
  /**
   * Enables a secret that the user has in an authenticator app already, from another library or system, and
   * drops what is pending. Where TOTP is on it changes nothing, so a migration can be run again.
   *
   * @throws {@link TotpConfigError} where the secret is not of its encoding, or another option is unusable.
   * @example
   * ```ts
   * await totp.importEnrollment(row.id, { secret: row.totp_secret, encoding: "hex" });
   * ```
   */
  importEnrollment(userId: UserId, existing: ExistingEnrollment): Promise<ImportOutcome>;
  /** Checks a TOTP code or a backup code, and uses it up. */
  verify(userId: UserId, code: string): Promise<VerifyOutcome>;
  /** Tells what may be shown of a user's TOTP. */
  status(userId: UserId): Promise<TotpStatus>;
  /** Tells whether a code of the user was accepted within so many seconds, as `requireTotp` asks. */
  verifiedWithin(userId: UserId, seconds: number): Promise<boolean>;
  /**
   * Forgets the secret, the backup codes and anything pending; does nothing where there is nothing. With
   * `stepUp`, a fresh code is needed while TOTP is on.
   */
  disable(userId: UserId, stepUp?: StepUp): Promise<DisableOutcome>;
  /** Replaces all backup codes. With `stepUp`, a fresh code is needed. */
  regenerateBackupCodes(userId: UserId, stepUp?: StepUp): Promise<RegenerateOutcome>;
  /** For administrators: ends a lock and forgives the wrong codes before it. */
  unlock(userId: UserId): Promise<{ ok: true } | Busy>;
  /**
   * Encrypts what is kept of a user under the current key, where it is not yet: for a batch over all users
   * after a new key. `changed` tells whether there was anything to do.
   */
  reencrypt(userId: UserId): Promise<{ ok: true; changed: boolean } | Busy>;
  /** The options as checked, with every default in place. */
  readonly config: Readonly<ServiceConfig>;
}

/**
 * Makes the service that enrolls, confirms, verifies and disables TOTP for the users of an app. Every
 * guarantee (a code works once, the budget of wrong codes holds, nothing is active before it is confirmed)
 * rests on the store's compare-and-set, and so holds in parallel and across processes.
 *
 * @throws {@link TotpConfigError} where an option is missing, unknown or unusable.
 * @example
 * ```ts
 * const totp = createTotpService({ store: createMemoryStore(), issuer: "Acme" });
 * const setup = await totp.beginSetup({ id: 7, accountName: "ada@example.com" });
 * // … show setup.qrCodeUrl, ask for the first code …
 * const outcome = await totp.confirm(7, "123456");
 * if (!outcome.ok) console.log(outcome.reason);
 * ```
 */
export function createTotpService<User extends TotpUser = TotpUser>(
  options: TotpServiceOptions<User>,
): TotpService<User> {
  const config = Object.freeze(resolveServiceOptions(options as unknown as TotpServiceOptions));
  const core = createCore(config);
  return {
    config,
    beginSetup: (user, stepUp) => beginSetup(core, user, stepUp),
    savePending: (userId, pending, stepUp) => savePending(core, userId, pending, stepUp),
    confirm: (userId, code) => confirm(core, userId, code),
    importEnrollment: (userId, existing) => importEnrollment(core, userId, existing),
    verify: (userId, code) => verify(core, userId, code),
    status: (userId) => status(core, userId),
    verifiedWithin: (userId, seconds) => verifiedWithin(core, userId, seconds),
    disable: (userId, stepUp) => disable(core, userId, stepUp),
    regenerateBackupCodes: (userId, stepUp) => regenerateBackupCodes(core, userId, stepUp),
    reencrypt: (userId) => reencrypt(core, userId),
    unlock: (userId) => unlock(core, userId),
  };
}
