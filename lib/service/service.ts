import type { TotpUser } from "../base/user.js";
import { newBackupCodes } from "./backup-codes.js";
import { resolveServiceOptions } from "./config.js";
import { CALL_OPTIONS, callBy, createCore, readOptions } from "./core.js";
import { listDevices, trustDevice } from "./devices.js";
import { importEnrollment } from "./import.js";
import { beginLogin, completeLogin, findLogin } from "./login.js";
import { confirm } from "./machine/confirm.js";
import { disable } from "./machine/disable.js";
import { regenerateBackupCodes } from "./machine/regenerate-backup-codes.js";
import { revokeDevice, revokeDevices } from "./machine/revoke-devices.js";
import { unlock } from "./machine/unlock.js";
import { verify } from "./machine/verify.js";
import type { TotpServiceOptions } from "./options.js";
import { actorOf, PROOF_OPTIONS } from "./proof.js";
import { beginSetup, resumeSetup } from "./setup.js";
import { status } from "./status.js";
import type { TotpService } from "./totp-service.js";

/**
 * Creates the service for the whole life cycle of TOTP (RFC 6238): setup, confirmation, verification, login, and
 * turning it off. Its guarantees (each code works once, wrong codes lead to a lockout, nothing is active before it is
 * confirmed) depend only on the store's `compareAndSet`, so they also hold for concurrent calls and several processes.
 *
 * @throws {@link TotpConfigError} if an option is missing, unknown, or invalid.
 * @example
 * ```ts
 * const totp = createTotpService({ store: createMemoryStore(), issuer: "Acme" });
 * const setup = await totp.beginSetup({ id: 7, accountName: "ada@example.com" });
 * // … show setup.qrCodeUrl, and ask for the first code …
 * const outcome = await totp.confirm(7, "123456");
 * if (!outcome.ok) console.log(outcome.reason);
 * ```
 */
export function createTotpService<User extends TotpUser = TotpUser>(
  options: TotpServiceOptions<User>,
): TotpService<User> {
  const config = Object.freeze(resolveServiceOptions(options as unknown as TotpServiceOptions));
  const core = createCore(config);
  const newCodes = () => newBackupCodes(config);
  return {
    config,
    beginSetup: (user, options) => beginSetup(core, user, options),
    resumeSetup: (user, secret) => resumeSetup(core, user, secret),
    async confirm(userId, code, given) {
      const options = readOptions("confirm", CALL_OPTIONS, given);
      const { codes, set } = newCodes();
      const input = { code, backupCodes: set };
      const outcome = await core.run(callBy("user", userId, options), confirm, input);
      return outcome.ok ? { ok: true, backupCodes: codes } : outcome;
    },
    importEnrollment: (userId, existing) => importEnrollment(core, userId, existing),
    async verify(userId, code, given) {
      const options = readOptions("verify", CALL_OPTIONS, given);
      return core.run(callBy("user", userId, options), verify, { code, purpose: "verify" });
    },
    beginLogin: (userId, options) => beginLogin(core, userId, options),
    completeLogin: (sessionId, code, options) => completeLogin(core, sessionId, code, options),
    findLogin: (sessionId) => findLogin(core, sessionId),
    trustDevice: (userId, options) => trustDevice(core, userId, options),
    listDevices: (userId) => listDevices(core, userId),
    async revokeDevice(userId, id, given) {
      const options = readOptions("revokeDevice", CALL_OPTIONS, given);
      return core.run(callBy("user", userId, options), revokeDevice, { id });
    },
    async revokeDevices(userId, given) {
      const options = readOptions("revokeDevices", CALL_OPTIONS, given);
      return core.run(callBy("user", userId, options), revokeDevices, undefined);
    },
    status: (userId) => status(core, userId),
    async disable(userId, given) {
      const options = readOptions("disable", PROOF_OPTIONS, given);
      const { proof } = options;
      return core.run(callBy(actorOf(proof), userId, options), disable, { proof });
    },
    async regenerateBackupCodes(userId, given) {
      const options = readOptions("regenerateBackupCodes", PROOF_OPTIONS, given);
      const { proof } = options;
      const { codes, set } = newCodes();
      const call = callBy(actorOf(proof), userId, options);
      const outcome = await core.run(call, regenerateBackupCodes, { proof, backupCodes: set });
      return outcome.ok ? { ok: true, backupCodes: codes } : outcome;
    },
    async unlock(userId, given) {
      const options = readOptions("unlock", CALL_OPTIONS, given);
      return core.run(callBy("trusted", userId, options), unlock, undefined);
    },
    async reset(userId, given) {
      return core.remove(callBy("trusted", userId, readOptions("reset", CALL_OPTIONS, given)));
    },
    reencrypt: (userId) => core.rewrite(userId),
  };
}
