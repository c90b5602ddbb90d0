import type { Request, Response } from "express";
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
import { defaultLayout, type PageLayout } from "./layout.js";
import { readTarget } from "./target.js";
import { DEFAULT_TEXTS, type PageTexts } from "./texts.js";

/** What a hook of the pages is called with. */
export interface PageHookInput<Id> {
  userId: Id;
  req: Request;
  res: Response;
}

/** Texts to replace, for every request or by request. */
export type TextsOption = Partial<PageTexts> | ((req: Request) => Partial<PageTexts>);

/** Options of {@link createTotpPages}. */
export interface TotpPagesOptions<User extends TotpUser = TotpUser>
  extends Omit<HttpOptions<User>, "authenticate" | "getUser" | "apiKeyHeader"> {
  /** Returns the user who is signed in: `(req) => req.user`. A nullish or false value is a 401. */
  getUser: GetUser<User>;
  /** The service that the pages work with. */
  totp: TotpService<Settled<User>>;
  /** Decides whether a request may begin a setup while TOTP is off, as in {@link createTotpRouter}. */
  authorizeSetup: AuthorizeSetup<User> | "any-session";
  /**
   * Where people sign in, such as `/sign-in`: the pages send them there if they have to.
   *
   * @default none: a page asks people to sign in
   */
  signInPath?: string | undefined;
  /** Returns the `sessionId` of `totp.beginLogin` that the app keeps for a login, if one waits. */
  getLoginSession?: ((req: Request) => Awaitable<string | null | undefined>) | undefined;
  /**
   * Returns a user by id, for a login in which TOTP has to be set up: the authenticator app then shows the
   * user's own account name.
   *
   * @default the id stands for the user
   */
  findUser?: ((userId: IdOf<User>) => Awaitable<User | null | undefined>) | undefined;
  /** Begins the session of a user whose login is complete, and returns the path to go on to. */
  onLogin?:
    | ((input: PageHookInput<IdOf<User>> & { method: CodeMethod }) => Awaitable<string>)
    | undefined;
  /** Called once TOTP is on; `freshness` is set after it. */
  onEnabled?: ((input: PageHookInput<IdOf<User>>) => unknown) | undefined;
  /** Called once TOTP is off. */
  onDisabled?: ((input: PageHookInput<IdOf<User>>) => unknown) | undefined;
  /** Makes the session fresh after a code, and mounts the step-up page; see {@link sessionFreshness}. */
  freshness?: Freshness | undefined;
  /**
   * Wraps each page in the app's own layout.
   *
   * @default a page of its own
   */
  layout?: PageLayout | undefined;
  /**
   * Replaces texts of the pages.
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

/** Pages are for sessions: a browser sends no API key. */
const { authenticate: _, apiKeyHeader, ...SESSION_OPTIONS } = HTTP_OPTIONS;

export const PAGES_OPTIONS = {
  totp: TOTP_OPTION,
  ...SESSION_OPTIONS,
  getUser: required(callback<GetUser<TotpUser>>("(req) => user or null")),
  authorizeSetup: required(checkAuthorizeSetup),
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

/** @throws {@link TotpConfigError} for the first thing that is wrong. */
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
