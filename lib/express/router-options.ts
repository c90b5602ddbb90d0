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
import { OTPAUTH_URI_OPTION } from "./send-setup.js";
import type { TokenRequest, TokenResponse } from "./tokens.js";
import { TOTP_OPTION } from "./totp-option.js";

/** Whether this request may begin a setup while TOTP is off. Only `true` allows it. */
export type AuthorizeSetup<User> = (user: User, req: Request) => Awaitable<boolean>;

/**
 * Keeps the compiler from reading off a service what `authenticate` or `getUser` tells of the users. TypeScript has
 * `NoInfer` for that from 5.4 on.
 */
export type Settled<User> = [User][User extends unknown ? 0 : never];

/** Options of {@link createTotpRouter}. */
export interface TotpRouterOptions<User extends TotpUser = TotpUser> extends HttpOptions<User> {
  /** The service that the routes speak for. */
  totp: TotpService<Settled<User>>;
  /**
   * Decides whether a request may begin a setup without a code, that is, while TOTP is off: a stolen session
   * could otherwise enroll a thief's phone. Called for every setup; only `true` allows it, else a 403.
   * Required with `getUser`; `"any-session"` turns this check off.
   */
  authorizeSetup?: AuthorizeSetup<User> | "any-session" | undefined;
  /** Remembers codes in the user's session, and mounts `POST …/step-up`; see {@link sessionFreshness}. */
  freshness?: Freshness | undefined;
  /**
   * Returns what the client gets once a code was accepted: tokens, for an app that has them. It may begin a
   * new session, and must not end the response.
   *
   * @default nothing is added to the response
   */
  issueTokens?:
    | ((request: TokenRequest<User>) => Awaitable<TokenResponse | null | undefined>)
    | undefined;
  /**
   * Returns the user whose login waits for its second step, for apps with login sessions of their own; a
   * nullish or false value is a 401.
   *
   * @default the sessions of `totp.beginLogin`
   */
  resolveLoginSession?:
    | ((sessionId: string, req: Request) => Awaitable<User | null | undefined | false>)
    | undefined;
  /**
   * Whether setting up again, deleting, and new backup codes need a fresh code in `X-TOTP-Code` while TOTP
   * is on. `"off"` leaves that to the app.
   *
   * @default "required"
   */
  stepUp?: "required" | "off" | undefined;
  /**
   * Where the routes are, below where the router is mounted.
   *
   * @default "/auth/v1/users/current/totp"
   */
  basePath?: string | undefined;
  /**
   * Where the login route is.
   *
   * @default "/auth/v1/verify-totp"
   */
  loginPath?: string | undefined;
  /**
   * Whether the login route sends the token of a trusted device as the cookie `__Host-totp-device`, and not
   * in the body. Pass it to `totp.beginLogin`.
   *
   * @default false
   */
  deviceCookie?: boolean | undefined;
  /**
   * Whether the response of the setup has `otpauth_uri` too, for a phone that is also the browser.
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

/** @throws {@link TotpConfigError} for the first thing that is wrong. */
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
