import type { Request } from "express";
import type { Awaitable } from "../base/awaitable.js";
import { callback, invalid, oneOf } from "../base/checks.js";
import { type OptionTable, optional, withDefault } from "../base/options.js";
import type { TotpUser } from "../base/user.js";
import { checkPath } from "../http/checks.js";
import { HTTP_OPTIONS, type HttpOptions, resolveHttpOptions } from "../http/options.js";
import { DEFAULT_PATHS } from "../routes/table.js";
import type { TotpService } from "../service/totp-service.js";
import { checkFreshness, type Freshness } from "./freshness.js";
import { MUST_ENROLL_OPTION, type MustEnroll } from "./must-enroll.js";
import { OTPAUTH_URI_OPTION } from "./send-setup.js";
import type { TokenRequest, TokenResponse } from "./tokens.js";
import { TOTP_OPTION } from "./totp-option.js";

/**
 * Decides whether a request can begin a setup while TOTP is off. Only `true` allows it.
 *
 * @example
 * ```ts
 * const authorizeSetup: AuthorizeSetup<{ signedInAt: number }> = (user) =>
 *   Date.now() - user.signedInAt < 300_000;
 * ```
 */
export type AuthorizeSetup<User> = (user: User, req: Request) => Awaitable<boolean>;

/**
 * Like `NoInfer` of TypeScript 5.4: the type of users is inferred from `authenticate` or `getUser`, not from `totp`.
 */
export type Settled<User> = [User][User extends unknown ? 0 : never];

/**
 * Options of {@link createTotpRouter}.
 *
 * @example
 * ```ts
 * const options: TotpRouterOptions = {
 *   totp,
 *   authenticate,
 *   issueTokens: ({ userId }) => ({ access_token: `token-of-${userId}`, token_type: "Bearer" }),
 * };
 * app.use(createTotpRouter(options));
 * ```
 */
export interface TotpRouterOptions<User extends TotpUser = TotpUser> extends HttpOptions<User> {
  /** The service. */
  totp: TotpService<Settled<User>>;
  /**
   * Decides whether a request can begin a setup without a code, that is, while TOTP is off. Otherwise, a stolen session
   * would be enough to enroll a thief's phone. If it does not return `true`, the response is a 403. Required with
   * `getUser`. `"any-session"` turns this check off.
   */
  authorizeSetup?: AuthorizeSetup<User> | "any-session" | undefined;
  /**
   * Decides whether a user must have TOTP. If it does not return `false`, the user cannot turn it off: the response is a
   * 403. Pass the same decision to `totp.beginLogin`.
   */
  mustEnroll?: MustEnroll<User> | undefined;
  /** Makes sessions fresh, and mounts `POST …/step-up`: the return value of {@link sessionFreshness}. */
  freshness?: Freshness | undefined;
  /**
   * Called after a code was accepted. Returns fields for the response, such as tokens. It can begin a new session, and
   * must not send the response.
   *
   * @default nothing is added to the response
   */
  issueTokens?:
    | ((request: TokenRequest<User>) => Awaitable<TokenResponse | null | undefined>)
    | undefined;
  /**
   * Returns the user of a login that waits for its second step, for apps with their own login sessions. If it returns
   * `null`, `undefined`, or `false`, the response is a 401.
   *
   * @default the sessions of `totp.beginLogin`
   */
  resolveLoginSession?:
    | ((sessionId: string, req: Request) => Awaitable<User | null | undefined | false>)
    | undefined;
  /**
   * Whether a new setup, turning TOTP off, and new backup codes require a fresh code in `X-TOTP-Code` while TOTP is on.
   * `"off"` leaves this check to the app.
   *
   * @default "required"
   */
  stepUp?: "required" | "off" | undefined;
  /**
   * The path of all routes but the login route, below the mount path of the router.
   *
   * @default "/auth/v1/users/current/totp"
   */
  basePath?: string | undefined;
  /**
   * The path of the login route, below the mount path of the router.
   *
   * @default "/auth/v1/verify-totp"
   */
  loginPath?: string | undefined;
  /**
   * Whether the login route sends the token of a trusted device in the cookie `__Host-totp-device` instead of the body.
   * Read it with {@link readDeviceToken}.
   *
   * @default false
   */
  deviceCookie?: boolean | undefined;
  /**
   * Whether the response of the setup route also has `otpauth_uri`, for users whose phone is the browser.
   *
   * @default false
   */
  otpauthUri?: boolean | undefined;
}

type Callback<Name extends keyof TotpRouterOptions> = NonNullable<TotpRouterOptions[Name]>;

export const ROUTER_OPTIONS = {
  totp: TOTP_OPTION,
  ...HTTP_OPTIONS,
  authorizeSetup: optional(checkAuthorizeSetup),
  mustEnroll: MUST_ENROLL_OPTION,
  freshness: optional(checkFreshness),
  issueTokens: optional(callback<Callback<"issueTokens">>("(request) => tokens")),
  resolveLoginSession: optional(
    callback<Callback<"resolveLoginSession">>("(sessionId, req) => user or null"),
  ),
  stepUp: withDefault("required", oneOf(["required", "off"])),
  basePath: withDefault(DEFAULT_PATHS.basePath, checkPath),
  loginPath: withDefault(DEFAULT_PATHS.loginPath, checkPath),
  deviceCookie: withDefault(false, oneOf([true, false])),
  otpauthUri: OTPAUTH_URI_OPTION,
} satisfies OptionTable<TotpRouterOptions>;

export type RouterConfig = ReturnType<typeof resolveRouterOptions>;

/** @throws {@link TotpConfigError} for the first invalid option. */
export function resolveRouterOptions(options: unknown) {
  const example = "{ totp, authenticate }";
  const resolved = resolveHttpOptions("createTotpRouter", ROUTER_OPTIONS, options, example);
  const { totp, getUser, authorizeSetup } = resolved;
  if (getUser && !authorizeSetup) {
    const fix = "It keeps a stolen session from enrolling a thief's phone.";
    invalid(
      "authorizeSetup",
      'a function (user, req) => boolean, or "any-session"',
      undefined,
      fix,
    );
  }
  return { ...resolved, timeoutMs: totp.config.timeoutMs };
}

export function checkAuthorizeSetup(option: string, value: unknown): AuthorizeSetup<TotpUser> {
  if (value === "any-session") return () => true;
  if (typeof value === "function") return value as AuthorizeSetup<TotpUser>;
  return invalid(option, 'a function (user, req) => boolean, or "any-session"', value);
}
