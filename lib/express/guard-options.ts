import type { Request } from "express";
import type { Awaitable } from "../base/awaitable.js";
import { type Check, callback, invalid } from "../base/checks.js";
import { type OptionTable, optional, withDefault } from "../base/options.js";
import type { TotpUser } from "../base/user.js";
import { HTTP_OPTIONS, type HttpOptions, resolveHttpOptions } from "../http/options.js";
import type { TotpService } from "../service/totp-service.js";
import { checkFreshness, type Freshness } from "./freshness.js";
import { CODE_HEADER } from "./refusals.js";
import type { Settled } from "./router-options.js";
import { TOTP_OPTION } from "./totp-option.js";

/**
 * What the guard does with a user whose TOTP is off: it responds with a 403, or lets the request through.
 *
 * @example
 * ```ts
 * const whenNotEnabled: NotEnabledDecision = "allow";
 * app.post("/transfers", requireTotp({ totp, authenticate, whenNotEnabled }), transfer);
 * ```
 */
export type NotEnabledDecision = "refuse" | "allow";

/**
 * Decides for one user whose TOTP is off. If it returns anything else, the response is a 500.
 *
 * @example
 * ```ts
 * const whenNotEnabled: DecideNotEnabled<{ isAdmin: boolean }> = (user) => (user.isAdmin ? "refuse" : "allow");
 * ```
 */
export type DecideNotEnabled<User> = (user: User, req: Request) => Awaitable<NotEnabledDecision>;

type ReadCode = (req: Request) => Awaitable<string | null | undefined>;

/**
 * Options of {@link requireTotp}.
 *
 * @example
 * ```ts
 * const options: RequireTotpOptions = { totp, authenticate, whenNotEnabled: "allow" };
 * app.post("/transfers", requireTotp(options), transfer);
 * ```
 */
export interface RequireTotpOptions<User extends TotpUser = TotpUser> extends HttpOptions<User> {
  /** The service that verifies the code. */
  totp: TotpService<Settled<User>>;
  /** Lets a session pass for a while after a code: the return value of {@link sessionFreshness}. */
  freshness?: Freshness | undefined;
  /**
   * Returns the code of a request, or `undefined` if it has none.
   *
   * @default the header `X-TOTP-Code`
   */
  getCode?: ReadCode | undefined;
  /**
   * What to do with a user whose TOTP is off: `"refuse"` with a 403, `"allow"`, or a function that returns one of the
   * two. With `"allow"`, `req.totp` is `undefined`.
   *
   * @default "refuse"
   */
  whenNotEnabled?: NotEnabledDecision | DecideNotEnabled<User> | undefined;
}

const checkWhenNotEnabled: Check<DecideNotEnabled<TotpUser>> = (option, value) => {
  if (value === "refuse" || value === "allow") return () => value;
  if (typeof value === "function") return value as DecideNotEnabled<TotpUser>;
  return invalid(option, '"refuse", "allow", or a function (user, req) => one of them', value);
};

export const GUARD_OPTIONS = {
  totp: TOTP_OPTION,
  ...HTTP_OPTIONS,
  freshness: optional(checkFreshness),
  getCode: withDefault((req: Request) => req.get(CODE_HEADER), callback<ReadCode>("(req) => code")),
  whenNotEnabled: withDefault("refuse", checkWhenNotEnabled),
} satisfies OptionTable<RequireTotpOptions>;

export type GuardConfig = ReturnType<typeof resolveGuardOptions>;

/** @throws {@link TotpConfigError} for the first invalid option. */
export function resolveGuardOptions(options: unknown) {
  const example = "{ totp, authenticate }";
  const resolved = resolveHttpOptions("requireTotp", GUARD_OPTIONS, options, example);
  return { ...resolved, timeoutMs: resolved.totp.config.timeoutMs };
}
