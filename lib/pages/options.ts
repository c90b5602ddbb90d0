import type { Request, Response } from "express";
import type { Awaitable } from "../base/awaitable.js";
import { type Check, callback, invalid } from "../base/checks.js";
import { type OptionTable, optional, required, withDefault } from "../base/options.js";
import type { IdOf, TotpUser } from "../base/user.js";
import { checkFreshness, type Freshness } from "../express/freshness.js";
import { type AuthorizeSetup, checkAuthorizeSetup } from "../express/router-options.js";
import { TOTP_OPTION } from "../express/totp-option.js";
import { HTTP_OPTIONS, type HttpOptions, resolveHttpOptions } from "../http/options.js";
import type { CodeMethod } from "../service/events.js";
import type { TotpService } from "../service/totp-service.js";
import { defaultLayout, type PageLayout } from "./layout.js";
import type { PageTexts } from "./texts.js";

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
  extends Omit<HttpOptions<User>, "authenticate" | "apiKeyHeader"> {
  /** The service that the pages work with. */
  totp: TotpService<User>;
  /** Decides whether a request may begin a setup while TOTP is off, as in {@link createTotpRouter}. */
  authorizeSetup: AuthorizeSetup<User> | "any-session";
  /** Returns the `sessionId` of `totp.beginLogin` that the app keeps for a login, if one waits. */
  getLoginSession?: ((req: Request) => Awaitable<string | null | undefined>) | undefined;
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
  /** Wraps each page in the app's own layout. */
  layout?: PageLayout | undefined;
  /** Replaces texts of the pages. */
  texts?: TextsOption | undefined;
}

type Hook<Name extends "onLogin" | "onEnabled" | "onDisabled"> = NonNullable<
  TotpPagesOptions[Name]
>;

const checkTexts: Check<TextsOption> = (option, value) =>
  typeof value === "function" || (typeof value === "object" && value !== null)
    ? (value as TextsOption)
    : invalid(option, "an object of texts, or a function (req) => texts", value);

export const PAGES_OPTIONS = {
  totp: TOTP_OPTION,
  ...HTTP_OPTIONS,
  authorizeSetup: required(checkAuthorizeSetup),
  getLoginSession: optional(
    callback<NonNullable<TotpPagesOptions["getLoginSession"]>>("(req) => session id"),
  ),
  onLogin: optional(callback<Hook<"onLogin">>("({ userId, method, req, res }) => path")),
  onEnabled: optional(callback<Hook<"onEnabled">>("({ userId, req, res }) => void")),
  onDisabled: optional(callback<Hook<"onDisabled">>("({ userId, req, res }) => void")),
  freshness: optional(checkFreshness),
  layout: withDefault(defaultLayout, callback<PageLayout>("({ title, head, body }) => html")),
  texts: withDefault({}, checkTexts),
} satisfies OptionTable<TotpPagesOptions & HttpOptions>;

export type PagesConfig = ReturnType<typeof resolvePagesOptions>;

/** @throws {@link TotpConfigError} for the first thing that is wrong. */
export function resolvePagesOptions(options: unknown) {
  const example = "{ totp, getUser, authorizeSetup }";
  const resolved = resolveHttpOptions("createTotpPages", PAGES_OPTIONS, options, example);
  const { totp, authenticate, getLoginSession, onLogin } = resolved;
  if (authenticate) invalid("authenticate", "to be left out: pages are for sessions", authenticate);
  if (getLoginSession && !onLogin) {
    invalid("onLogin", "a function ({ userId, method, req, res }) => path", undefined);
  }
  return { ...resolved, timeoutMs: totp.config.timeoutMs };
}
