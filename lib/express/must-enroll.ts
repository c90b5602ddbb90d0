import type { Request } from "express";
import type { Awaitable } from "../base/awaitable.js";
import { callWithin } from "../base/call-within.js";
import { callback } from "../base/checks.js";
import { optional } from "../base/options.js";
import type { TotpUser } from "../base/user.js";

/**
 * Decides whether a user must have TOTP, and so cannot turn it off. Only `false` allows it.
 *
 * @example
 * ```ts
 * const mustEnroll: MustEnroll<{ role: string }> = (user) => user.role === "admin";
 * ```
 */
export type MustEnroll<User> = (user: User, req: Request) => Awaitable<boolean>;

export const MUST_ENROLL_OPTION = optional(
  callback<MustEnroll<TotpUser>>("(user, req) => boolean"),
);

interface Config {
  mustEnroll?: MustEnroll<TotpUser> | undefined;
  timeoutMs: number;
}

/** Takes another falsy value for a mistake of the callback. */
export async function isMandatory(
  { mustEnroll, timeoutMs }: Config,
  user: TotpUser,
  req: Request,
): Promise<boolean> {
  if (!mustEnroll) return false;
  const decision: unknown = await callWithin("mustEnroll", timeoutMs, () => mustEnroll(user, req));
  return decision !== false;
}
