import type { Request } from "express";
import { callWithin } from "../base/call-within.js";
import { type OptionTable, required, resolveOptions } from "../base/options.js";
import type { UserId } from "../base/user.js";
import type { TotpService } from "../service/totp-service.js";
import { checkFreshness, entryOf, type Freshness } from "./freshness.js";
import { TOTP_OPTION } from "./totp-option.js";

/**
 * Options of {@link rememberCode}.
 *
 * @example
 * ```ts
 * const options: RememberCodeOptions = { totp, freshness };
 * await rememberCode(options, req, user.id);
 * ```
 */
export interface RememberCodeOptions {
  /** The service that accepted the code. */
  totp: TotpService;
  /** The same one as the guard's: the return value of {@link sessionFreshness}. */
  freshness: Freshness;
}

export const REMEMBER_CODE_OPTIONS = {
  totp: TOTP_OPTION,
  freshness: required(checkFreshness),
} satisfies OptionTable<RememberCodeOptions>;

/**
 * Makes the session of a request fresh. For handlers of your own that call `completeLogin`, `confirm`, or `verify`; the
 * routes and the pages do it themselves. Call it after the code was accepted, and after you have begun a new session.
 * Does nothing while TOTP is off.
 *
 * @throws {@link TotpConfigError} if an option is missing, unknown, or invalid, or if there is no session.
 * @example
 * ```ts
 * const outcome = await totp.completeLogin(sessionId, code);
 * if (!outcome.ok) return res.status(401).json({ reason: outcome.reason });
 * await signIn(req, outcome.userId);
 * await rememberCode({ totp, freshness }, req, outcome.userId);
 * ```
 */
export async function rememberCode(
  options: RememberCodeOptions,
  req: Request,
  userId: UserId,
): Promise<void> {
  const { totp, freshness } = resolveOptions("rememberCode", REMEMBER_CODE_OPTIONS, options);
  const { createdAt } = await totp.status(userId);
  if (!createdAt) return;
  const { timeoutMs, now } = totp.config;
  const entry = entryOf(userId, createdAt, Number(now()));
  await callWithin("freshness.set", timeoutMs, () => freshness.set(req, entry));
}
