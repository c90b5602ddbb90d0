import type { TotpUser, UserId } from "../base/user.js";
import { resolveServiceOptions, type ServiceConfig } from "./config.js";
import { type CallOptions, callBy, createCore } from "./core.js";
import { type ExistingEnrollment, importEnrollment } from "./import.js";
import { generateBackupCodes } from "./machine/backup-codes.js";
import { confirm } from "./machine/confirm.js";
import { disable } from "./machine/disable.js";
import { regenerateBackupCodes } from "./machine/regenerate-backup-codes.js";
import { unlock } from "./machine/unlock.js";
import { verify } from "./machine/verify.js";
import type { TotpServiceOptions } from "./options.js";
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
import { actorOf, type ProofOptions, readProof } from "./proof.js";
import { type BeginSetupOptions, beginSetup, resumeSetup } from "./setup.js";
import { status, verifiedWithin } from "./status.js";

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
  /** Returns what may be shown of a user's TOTP. */
  status(userId: UserId): Promise<TotpStatus>;
  /** Whether a code of the user was accepted within so many seconds. */
  verifiedWithin(userId: UserId, seconds: number): Promise<boolean>;
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
   * more, as after the loss of a key. TOTP is off afterwards.
   */
  reset(userId: UserId, options?: CallOptions): Promise<{ ok: true } | Busy>;
  /**
   * Encrypts what is kept of a user under the current key, unless it is already: for a batch over all users
   * after a new key. `changed` is whether there was anything to do.
   */
  reencrypt(userId: UserId): Promise<{ ok: true; changed: boolean } | Busy>;
  /** The options as checked, with every default in place. */
  readonly config: Readonly<ServiceConfig>;
}

/**
 * Creates the service that enrolls users in TOTP, confirms, verifies and disables it. Every guarantee (a
 * code works once, the lockout holds, nothing is active before it is confirmed) rests on the store's
 * compare-and-set, and so holds in parallel and across processes.
 *
 * @throws {@link TotpConfigError} if an option is missing, unknown or unusable.
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
  const newCodes = () => newBackupCodes(config.backupCodes);
  return {
    config,
    beginSetup: (user, options) => beginSetup(core, user, options),
    resumeSetup: (user, secret) => resumeSetup(core, user, secret),
    async confirm(userId, code, options) {
      const { codes, set } = newCodes();
      const input = { code, backupCodes: set };
      const outcome = await core.run(callBy("user", userId, options), confirm, input);
      return outcome.ok ? { ok: true, backupCodes: codes } : outcome;
    },
    importEnrollment: (userId, existing) => importEnrollment(core, userId, existing),
    verify: (userId, code, options) =>
      core.run(callBy("user", userId, options), verify, { code, purpose: "verify" }),
    status: (userId) => status(core, userId),
    verifiedWithin: (userId, seconds) => verifiedWithin(core, userId, seconds),
    async disable(userId, options) {
      const proof = readProof(options);
      return core.run(callBy(actorOf(proof), userId, options), disable, { proof });
    },
    async regenerateBackupCodes(userId, options) {
      const proof = readProof(options);
      const { codes, set } = newCodes();
      const call = callBy(actorOf(proof), userId, options);
      const outcome = await core.run(call, regenerateBackupCodes, { proof, backupCodes: set });
      return outcome.ok ? { ok: true, backupCodes: codes } : outcome;
    },
    unlock: (userId, options) => core.run(callBy("trusted", userId, options), unlock, undefined),
    reset: (userId, options) => core.remove(callBy("trusted", userId, options)),
    reencrypt: (userId) => core.rewrite(userId),
  };
}

/** Nothing of a set if backup codes are off. */
function newBackupCodes(options: ServiceConfig["backupCodes"]) {
  return options
    ? generateBackupCodes(options.count, options.length)
    : { codes: [], set: undefined };
}
