import { type OptionTable, optional, withDefault } from "../base/options.js";
import type { UserId } from "../base/user.js";
import { newBackupCodes } from "./backup-codes.js";
import { CALL_OPTIONS, type CallOptions, type Core, callBy, readOptions } from "./core.js";
import type { BeginLoginOutcome, CompleteLoginOutcome, WaitingLogin } from "./login-outcomes.js";
import { beginLogin as beginInState } from "./machine/begin-login.js";
import { completeLogin as completeInState } from "./machine/complete-login.js";
import { findByHash } from "./machine/entries.js";
import { createSessionId, userOfSessionId } from "./session-id.js";
import { hashToken } from "./token.js";

/**
 * Options of {@link TotpService.beginLogin}.
 *
 * @example
 * ```ts
 * const options: BeginLoginOptions = { deviceToken: readDeviceToken(req), mustEnroll: user.isAdmin };
 * const login = await totp.beginLogin(user.id, options);
 * ```
 */
export interface BeginLoginOptions extends CallOptions {
  /** The `token` of this device, if it is trusted: see {@link TotpService.trustDevice} and {@link readDeviceToken}. */
  deviceToken?: string | null | undefined;
  /**
   * Whether the user must have TOTP. If it is off, the login can only be completed by setting it up.
   *
   * @default false
   */
  mustEnroll?: boolean | undefined;
}

export const BEGIN_LOGIN_OPTIONS = {
  ...CALL_OPTIONS,
  // It is a cookie of the client, so it can be anything.
  deviceToken: optional((_, token) => (typeof token === "string" ? token : undefined)),
  // Databases can return 0 or 1.
  mustEnroll: withDefault(false, (_, mustEnroll) => Boolean(mustEnroll)),
} satisfies OptionTable<BeginLoginOptions>;

export async function beginLogin(
  core: Core,
  userId: UserId,
  given: BeginLoginOptions | undefined,
): Promise<BeginLoginOutcome> {
  const options = readOptions("beginLogin", BEGIN_LOGIN_OPTIONS, given);
  const { deviceToken, mustEnroll } = options;
  const sessionId = createSessionId(userId);
  const outcome = await core.run(callBy("user", userId, options), beginInState, {
    hash: hashToken(sessionId),
    deviceHash: deviceToken === undefined ? undefined : hashToken(deviceToken),
    mustEnroll,
  });
  // An app that checks only `isRequired` must not mistake a login that could not begin for a complete one.
  if (!outcome.ok) return { ...outcome, isRequired: true };
  if (!outcome.isRequired) return { ...outcome };
  return { ...outcome, sessionId, expiresAt: new Date(outcome.expiresAt) };
}

export async function completeLogin(
  core: Core,
  sessionId: unknown,
  code: unknown,
  given: CallOptions | undefined,
): Promise<CompleteLoginOutcome> {
  const options = readOptions("completeLogin", CALL_OPTIONS, given);
  const userId = userOfSessionId(sessionId);
  if (userId === undefined) return { ok: false, reason: "unknown_session" };
  let generated: ReturnType<typeof newBackupCodes> | undefined;
  const outcome = await core.run(callBy("user", userId, options), completeInState, {
    hash: hashToken(String(sessionId)),
    code,
    // Only a login that confirms a setup looks at them, and they take longer than all the rest.
    get backupCodes() {
      generated ??= newBackupCodes(core.config);
      return generated.set;
    },
    get triedBackupCodes() {
      return generated?.set;
    },
  });
  if (!outcome.ok) return outcome;
  const { hasEnrolled, ...accepted } = outcome;
  return { ...accepted, userId, ...(hasEnrolled && { backupCodes: generated?.codes }) };
}

/** Finds the login of a session id, without using it up. */
export async function findLogin(core: Core, sessionId: unknown): Promise<WaitingLogin | undefined> {
  const userId = userOfSessionId(sessionId);
  if (userId === undefined) return undefined;
  const { logins, active } = await core.read(userId);
  const login = findByHash(logins, hashToken(String(sessionId)), core.now());
  if (!login) return undefined;
  const mustEnroll = login.mustEnroll && !active;
  return { userId, mustEnroll, expiresAt: new Date(login.expiresAt) };
}
