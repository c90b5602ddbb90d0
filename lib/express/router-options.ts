import type { Request } from "express";
import type { Awaitable } from "../base/awaitable.js";
import { callback, oneOf } from "../base/checks.js";
import { type OptionTable, optional, withDefault } from "../base/options.js";
import type { TotpUser, UserId } from "../base/user.js";
import { checkPath } from "../http/checks.js";
import { HTTP_OPTIONS, type HttpOptions, resolveHttpOptions } from "../http/options.js";
import { DEFAULT_PATHS } from "../routes/table.js";
import type { CodeMethod } from "../service/events.js";
import type { TotpService } from "../service/totp-service.js";
import { TOTP_OPTION } from "./totp-option.js";

/** What a client gets once its user is signed in; every field is optional, and others pass through. */
export interface TokenResponse {
  access_token?: string;
  refresh_token?: string;
  /** Seconds. */
  expires_in?: number;
  token_type?: string;
  requires_action?: boolean | string;
  [field: string]: unknown;
}

/** For whom tokens are issued, and upon what. */
export interface TokenRequest<User extends TotpUser = TotpUser> {
  user: User;
  userId: UserId;
  /** `setup`: the first code of an enrollment was right. `login`: the second step of a login was. */
  purpose: "setup" | "login";
  method: CodeMethod;
  req: Request;
}

/**
 * Keeps the compiler from reading off a service what `authenticate` tells of the users. TypeScript has
 * `NoInfer` for that from 5.4 on.
 */
type Settled<User> = [User][User extends unknown ? 0 : never];

/** Options of {@link createTotpRouter}. */
export interface TotpRouterOptions<User extends TotpUser = TotpUser> extends HttpOptions<User> {
  /** The service that the routes speak for. */
  totp: TotpService<Settled<User>>;
  /**
   * Makes the answer to a right code: tokens, for an app that has them. Called after the code was used up.
   *
   * @default nothing is added to the answer
   */
  issueTokens?: (request: TokenRequest<User>) => Awaitable<TokenResponse | null | undefined>;
  /**
   * Tells whose login session it is that waits for its second step; a nullish or false answer is a 401.
   * The login route exists only with this option.
   */
  resolveLoginSession?: (
    sessionId: string,
    req: Request,
  ) => Awaitable<User | null | undefined | false>;
  /**
   * Whether setting up again, deleting, and new backup codes need a fresh code in `X-TOTP-Code` while TOTP
   * is on. `"off"` leaves that to the app.
   *
   * @default "required"
   */
  stepUp?: "required" | "off";
  /**
   * Where the routes are, below where the router is mounted.
   *
   * @default "/auth/v1/users/current/totp"
   */
  basePath?: string;
  /**
   * Where the login route is.
   *
   * @default "/auth/v1/verify-totp"
   */
  loginPath?: string;
}

type Callback<Name extends keyof TotpRouterOptions> = NonNullable<TotpRouterOptions[Name]>;

export const ROUTER_OPTIONS = {
  totp: TOTP_OPTION,
  ...HTTP_OPTIONS,
  issueTokens: optional(callback<Callback<"issueTokens">>("(request) => tokens")),
  resolveLoginSession: optional(
    callback<Callback<"resolveLoginSession">>("(sessionId, req) => user or null"),
  ),
  stepUp: withDefault("required", oneOf(["required", "off"])),
  basePath: withDefault(DEFAULT_PATHS.basePath, checkPath),
  loginPath: withDefault(DEFAULT_PATHS.loginPath, checkPath),
} satisfies OptionTable<TotpRouterOptions>;

export type RouterConfig = ReturnType<typeof resolveRouterOptions>;

/** @throws {@link TotpConfigError} for the first thing that is wrong. */
export function resolveRouterOptions(options: unknown) {
  const example = "{ totp, authenticate }";
  const resolved = resolveHttpOptions("createTotpRouter", ROUTER_OPTIONS, options, example);
  return { ...resolved, timeoutMs: resolved.totp.config.timeoutMs };
}
