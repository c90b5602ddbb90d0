import type { UserId } from "../base/user.js";
import { newBackupCodes } from "./backup-codes.js";
import { type CallOptions, type Core, callBy } from "./core.js";
import type { BeginLoginOutcome, CompleteLoginOutcome, WaitingLogin } from "./login-outcomes.js";
import { beginLogin as beginInState } from "./machine/begin-login.js";
import { completeLogin as completeInState } from "./machine/complete-login.js";
import { findByHash } from "./machine/entries.js";
import { createSessionId, userOfSessionId } from "./session-id.js";
import { hashToken } from "./token.js";

/** Options of `beginLogin`. */
export interface BeginLoginOptions extends CallOptions {
  /** What `trustDevice` gave this device, if it has one. */
  deviceToken?: string | null | undefined;
  /**
   * Whether the user has to have TOTP: with it off, the session admits to setup and confirmation.
   *
   * @default false
   */
  mustEnroll?: boolean | undefined;
}

export async function beginLogin(
  core: Core,
  userId: UserId,
  options: BeginLoginOptions = {},
): Promise<BeginLoginOutcome> {
  const { deviceToken, mustEnroll = false } = options;
  const sessionId = createSessionId(userId);
  const outcome = await core.run(callBy("user", userId, options), beginInState, {
    hash: hashToken(sessionId),
    deviceHash: typeof deviceToken === "string" ? hashToken(deviceToken) : undefined,
    // Databases have 0 and 1: a state holds a boolean.
    mustEnroll: Boolean(mustEnroll),
  });
  // Whoever looks at `isRequired` alone must not take a login that could not begin for one that is complete.
  if (!outcome.ok) return { ...outcome, isRequired: true };
  if (!outcome.isRequired) return { ...outcome };
  return { ...outcome, sessionId, expiresAt: new Date(outcome.expiresAt) };
}

export async function completeLogin(
  core: Core,
  sessionId: unknown,
  code: unknown,
  options: CallOptions | undefined,
): Promise<CompleteLoginOutcome> {
  const userId = userOfSessionId(sessionId);
  if (userId === undefined) return { ok: false, reason: "unknown_session" };
  const { codes, set } = newBackupCodes(core.config);
  const outcome = await core.run(callBy("user", userId, options), completeInState, {
    hash: hashToken(String(sessionId)),
    code,
    backupCodes: set,
  });
  if (!outcome.ok) return outcome;
  const { hasEnrolled, ...accepted } = outcome;
  return { ...accepted, userId, ...(hasEnrolled && { backupCodes: codes }) };
}

/** The login that a session id belongs to, without using it up. */
export async function findLogin(core: Core, sessionId: unknown): Promise<WaitingLogin | undefined> {
  const userId = userOfSessionId(sessionId);
  if (userId === undefined) return undefined;
  const { logins, active } = await core.read(userId);
  const login = findByHash(logins, hashToken(String(sessionId)), core.now());
  if (!login) return undefined;
  const mustEnroll = login.mustEnroll && !active;
  return { userId, mustEnroll, expiresAt: new Date(login.expiresAt) };
}
