import type { Request } from "express";
import type { Awaitable } from "../base/awaitable.js";
import { type Check, callback, invalid, rejectUnknownOptions } from "../base/checks.js";
import {
  type OptionTable,
  optional,
  required,
  resolveOptions,
  withDefault,
} from "../base/options.js";
import type { IdOf, TotpUser } from "../base/user.js";
import { checkFreshness, type Freshness } from "../express/freshness.js";
import { MUST_ENROLL_OPTION, type MustEnroll } from "../express/must-enroll.js";
import {
  type AuthorizeSetup,
  checkAuthorizeSetup,
  type Settled,
} from "../express/router-options.js";
import { TOTP_OPTION } from "../express/totp-option.js";
import { rejectMountedFactory } from "../http/checks.js";
import type { GetUser } from "../http/identify.js";
import { errorLogger } from "../http/log-error.js";
import { HTTP_OPTIONS, type HttpOptions } from "../http/options.js";
import type { CodeMethod } from "../service/events.js";
import type { TotpService } from "../service/totp-service.js";
import type { PageHookInput } from "./hook-input.js";
import { defaultLayout, type PageLayout } from "./layout.js";
import type { TextsOption } from "./page-texts.js";
import { readTarget } from "./target.js";
import { DEFAULT_TEXTS } from "./texts.js";

/**
 * Options of {@link createTotpPages}.
 *
 * @example
 * ```ts
 * const options: TotpPagesOptions<number> = {
 *   totp,
 *   getUser: (req) => req.session.userId,
 *   authorizeSetup: (_userId, req) => signedInRecently(req),
 *   signInPath: "/sign-in",
 * };
 * app.use("/two-factor", createTotpPages(options));
 * ```
 */
export interface TotpPagesOptions<User extends TotpUser = TotpUser>
  extends Omit<HttpOptions<User>, "authenticate" | "getUser" | "apiKeyHeader"> {
  /** Returns the user who is signed in, or `null`: `(req) => req.user`. */
  getUser: GetUser<User>;
  /** The service. */
  totp: TotpService<Settled<User>>;
  /** Decides whether a request can begin a setup while TOTP is off, as in `createTotpRouter`. */
  authorizeSetup: AuthorizeSetup<User> | "any-session";
  /**
   * Decides whether a user must have TOTP. If it does not return `false`, the pages do not let the user turn it off. Pass
   * the same decision to `totp.beginLogin`.
   */
  mustEnroll?: MustEnroll<User> | undefined;
  /**
   * The path of the app's sign-in page, such as `/sign-in`. The pages redirect to it if nobody is signed in.
   *
   * @default none: a page asks people to sign in
   */
  signInPath?: string | undefined;
  /** Returns the `sessionId` of `totp.beginLogin` from the app's session, if a login waits. Requires `onLogin`. */
  getLoginSession?: ((req: Request) => Awaitable<string | null | undefined>) | undefined;
  /**
   * Returns a user by id, for a login that requires a setup. The authenticator app then shows the user's own account
   * name.
   *
   * @default the user id
   */
  findUser?: ((userId: IdOf<User>) => Awaitable<User | null | undefined>) | undefined;
  /** Called when a login is complete. Begins the user's session, and returns the path of the next page. */
  onLogin?:
    | ((input: PageHookInput<IdOf<User>> & { method: CodeMethod }) => Awaitable<string>)
    | undefined;
  /** Called after TOTP was turned on, and before `freshness` makes the session fresh. */
  onEnabled?: ((input: PageHookInput<IdOf<User>>) => unknown) | undefined;
  /** Called after TOTP was turned off. */
  onDisabled?: ((input: PageHookInput<IdOf<User>>) => unknown) | undefined;
  /** Makes sessions fresh, and mounts the step-up page: the return value of `sessionFreshness`. */
  freshness?: Freshness | undefined;
  /**
   * Returns the HTML document of a page, in your own layout.
   *
   * @default a complete page
   */
  layout?: PageLayout | undefined;
  /**
   * Texts that replace the default ones.
   *
   * @default English
   */
  texts?: TextsOption | undefined;
}

type Hook<Name extends "onLogin" | "onEnabled" | "onDisabled"> = NonNullable<
  TotpPagesOptions[Name]
>;

const checkTexts: Check<TextsOption> = (option, value) => {
  if (typeof value === "function") return value as TextsOption;
  if (typeof value !== "object" || value === null) {
    return invalid(option, "an object of texts, or a function (req) => texts", value);
  }
  rejectUnknownOptions(value, Object.keys(DEFAULT_TEXTS), `${option}.`);
  return value;
};

const checkPathOfApp: Check<string> = (option, value) =>
  readTarget(value) ?? invalid(option, 'a path of the app, such as "/sign-in"', value);

/** The pages use sessions, because a browser sends no API key. */
const { authenticate: _, apiKeyHeader, ...SESSION_OPTIONS } = HTTP_OPTIONS;

export const PAGES_OPTIONS = {
  totp: TOTP_OPTION,
  ...SESSION_OPTIONS,
  getUser: required(callback<GetUser<TotpUser>>("(req) => user or null")),
  authorizeSetup: required(checkAuthorizeSetup),
  mustEnroll: MUST_ENROLL_OPTION,
  signInPath: optional(checkPathOfApp),
  getLoginSession: optional(
    callback<NonNullable<TotpPagesOptions["getLoginSession"]>>("(req) => session id"),
  ),
  findUser: optional(
    callback<NonNullable<TotpPagesOptions["findUser"]>>("(userId) => user or null"),
  ),
  onLogin: optional(callback<Hook<"onLogin">>("({ userId, method, req, res }) => path")),
  onEnabled: optional(callback<Hook<"onEnabled">>("({ userId, req, res }) => void")),
  onDisabled: optional(callback<Hook<"onDisabled">>("({ userId, req, res }) => void")),
  freshness: optional(checkFreshness),
  layout: withDefault(defaultLayout, callback<PageLayout>("({ title, head, body }) => html")),
  texts: optional(checkTexts),
} satisfies OptionTable<TotpPagesOptions>;

export type PagesConfig = ReturnType<typeof resolvePagesOptions>;

/** @throws {@link TotpConfigError} for the first invalid option. */
export function resolvePagesOptions(options: unknown) {
  const example = "createTotpPages({ totp, getUser, authorizeSetup })";
  rejectMountedFactory(options, "createTotpPages", `app.use("/two-factor", ${example})`);
  const resolved = resolveOptions("createTotpPages", PAGES_OPTIONS, options);
  const { totp, getLoginSession, onLogin, onError } = resolved;
  if (getLoginSession && !onLogin) {
    invalid("onLogin", "a function ({ userId, method, req, res }) => path", undefined);
  }
  const header = apiKeyHeader.default;
  return {
    ...resolved,
    apiKeyHeader: header,
    onError: onError ?? errorLogger(header),
    timeoutMs: totp.config.timeoutMs,
  };
}
