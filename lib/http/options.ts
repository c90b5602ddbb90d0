import type { Request } from "express";
import { isPromiseLike } from "../base/awaitable.js";
import { callback, invalid } from "../base/checks.js";
import { TotpCallbackError } from "../base/errors.js";
import { callHook } from "../base/hooks.js";
import {
  type OptionTable,
  optional,
  type Resolved,
  resolveOptions,
  withDefault,
} from "../base/options.js";
import type { TotpUser } from "../base/user.js";
import { checkHeaderName, checkOrigins, rejectMountedFactory } from "./checks.js";
import type { Authenticate, GetUser } from "./identify.js";
import { type ErrorHook, errorLogger } from "./log-error.js";
import { createReport, type ErrorHandler } from "./respond.js";

/** Options of every router and guard: with `authenticate` or `getUser`, exactly one of them. */
export interface HttpOptions<User extends TotpUser = TotpUser> {
  /**
   * Returns the user that an API key belongs to: an id, or any object with an `id`. `null`, `undefined` or
   * `false` rejects the key with a 401. An error with an HTTP status keeps it; any other becomes a 500.
   */
  authenticate?: Authenticate<User> | undefined;
  /**
   * Returns the user who is signed in, for apps with sessions: `(req) => req.user`. `null`, `undefined` or
   * `false` is a 401. Requests that another site may have made a browser send are refused with a 403.
   */
  getUser?: GetUser<User> | undefined;
  /**
   * Name of the header that has the API key, for `authenticate`.
   *
   * @default "X-API-Key"
   */
  apiKeyHeader?: string | undefined;
  /**
   * Other origins whose pages may send requests with the user's cookies, for `getUser`.
   *
   * @default []
   */
  trustedOrigins?: readonly string[] | undefined;
  /**
   * Responds to errors in the library's place: an Express error handler. The error is one of `http-errors`,
   * with `reason`, `details` and `headers`; `(error, req, res, next) => next(error)` leaves it to the app's
   * own. It cannot let a request through.
   */
  errorHandler?: ErrorHandler | undefined;
  /**
   * Called with the cause of each response of 500 and above, which the client does not get to know.
   *
   * @default prints the stack to stderr, secrets blacked out
   */
  onError?: ((error: unknown, req: Request) => unknown) | undefined;
  /** Returns what the events of a request carry as `context`, such as its address. */
  eventContext?: ((req: Request) => unknown) | undefined;
}

export const HTTP_OPTIONS = {
  authenticate: optional(callback<Authenticate<TotpUser>>("(apiKey, req) => user or null")),
  getUser: optional(callback<GetUser<TotpUser>>("(req) => user or null")),
  apiKeyHeader: withDefault("X-API-Key", checkHeaderName),
  trustedOrigins: withDefault([], checkOrigins),
  errorHandler: optional(callback<ErrorHandler>("(error, req, res, next) => void")),
  onError: optional(callback<ErrorHook>("(error, req) => void")),
  eventContext: optional(callback<(req: Request) => unknown>("(req) => context")),
} satisfies OptionTable<HttpOptions>;

type AnyHttpTable = typeof HTTP_OPTIONS & Parameters<typeof resolveOptions>[1];

/**
 * Resolves the options of a router or guard.
 *
 * @param example - The least that the factory works with, for the error of a factory that was not called.
 */
export function resolveHttpOptions<Table extends AnyHttpTable>(
  factory: string,
  table: Table,
  given: unknown,
  example: string,
): Resolved<Table> & { onError: ErrorHook } {
  rejectMountedFactory(given, factory, `app.use(${factory}(${example}))`);
  const resolved = resolveOptions(factory, table, given);
  const { apiKeyHeader, onError, authenticate, getUser } = resolved as Resolved<AnyHttpTable>;
  if (authenticate && getUser) {
    invalid(
      "getUser",
      "to be given without authenticate: one of them identifies the user",
      getUser,
    );
  }
  if (!authenticate && !getUser) {
    const expected = "a function (apiKey, req) => user or null";
    invalid(
      "authenticate",
      expected,
      undefined,
      "For apps with sessions, give getUser(req) instead.",
    );
  }
  return { ...resolved, onError: onError ?? errorLogger(apiKeyHeader) };
}

/** The `context` of a request's events. If the callback fails, they go without. */
export function contextOf(
  {
    eventContext,
    onError,
  }: { eventContext?: ((req: Request) => unknown) | undefined; onError: ErrorHook },
  req: Request,
): unknown {
  let context: unknown;
  const report = (error: unknown) => createReport(onError)(error, req);
  callHook(() => {
    const given = eventContext?.(req);
    if (!isPromiseLike(given)) {
      context = given;
      return undefined;
    }
    const expected = "a value, as no event waits for a promise";
    report(new TotpCallbackError("eventContext", { expected, got: "a promise" }));
    return given;
  }, report);
  return context;
}
