import type { Request } from "express";
import type { Awaitable } from "../base/awaitable.js";
import { callback, integerBetween, invalid } from "../base/checks.js";
import { type OptionTable, optional } from "../base/options.js";
import type { TotpUser, UserId } from "../base/user.js";
import {
  checkAuthenticate,
  HTTP_OPTIONS,
  type HttpOptions,
  resolveHttpOptions,
} from "../http/options.js";
import type { TotpService } from "../service/totp-service.js";
import { TOTP_OPTION } from "./totp-option.js";

/** Options of {@link requireTotp}: with `authenticate` or `getUserId`, not both. */
export interface RequireTotpOptions<User extends TotpUser = TotpUser>
  extends Partial<HttpOptions<User>> {
  /** The service that checks the code. */
  totp: TotpService<User>;
  /**
   * Tells who is signed in, for an app with sessions of its own; a nullish or false answer is a 401.
   * Replaces `authenticate`.
   */
  getUserId?: (req: Request) => Awaitable<UserId | null | undefined | false>;
  /**
   * For how many seconds after an accepted code, wherever the user gave it, no other one is asked for; 1 to
   * 86 400.
   *
   * @default none: each request needs a code
   */
  maxAgeSeconds?: number;
}

export const GUARD_OPTIONS = {
  totp: TOTP_OPTION,
  ...HTTP_OPTIONS,
  authenticate: optional(checkAuthenticate),
  getUserId: optional(
    callback<NonNullable<RequireTotpOptions["getUserId"]>>("(req) => id or null"),
  ),
  maxAgeSeconds: optional(integerBetween(1, 86_400)),
} satisfies OptionTable<RequireTotpOptions>;

export type GuardConfig = ReturnType<typeof resolveGuardOptions>;

/** @throws {@link TotpConfigError} for the first thing that is wrong. */
export function resolveGuardOptions(options: unknown) {
  const example = "{ totp, authenticate }";
  const resolved = resolveHttpOptions("requireTotp", GUARD_OPTIONS, options, example);
  const { totp, authenticate, getUserId } = resolved;
  if (authenticate && getUserId) {
    invalid("getUserId", "to stand without authenticate, which it replaces", getUserId);
  }
  if (!getUserId) checkAuthenticate("authenticate", authenticate);
  return { ...resolved, timeoutMs: totp.config.timeoutMs };
}
