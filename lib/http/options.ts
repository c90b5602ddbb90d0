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

/**
 * Options that all routers and the guard have in common. Set either `authenticate` or `getUser`.
 *
 * @example
 * ```ts
 * const options: HttpOptions = { authenticate, eventContext: (req) => ({ ip: req.ip }) };
 * app.use(createTotpRouter({ totp, ...options }));
 * app.post("/transfers", requireTotp({ totp, ...options }), transfer);
 * ```
 */
export interface HttpOptions<User extends TotpUser = TotpUser> {
  /**
   * Returns the user that an API key belongs to: an id, or an object with an `id` or `_id`. If it returns `null`,
   * `undefined`, or `false`, the response is a 401. If it throws an error with an HTTP status, the response has that
   * status; otherwise it is a 500.
   */
  authenticate?: Authenticate<User> | undefined;
  /**
   * Returns the user who is signed in, for apps with sessions: `(req) => req.user`. If it returns `null`, `undefined`,
   * or `false`, the response is a 401. Requests from other sites are refused with a 403.
   */
  getUser?: GetUser<User> | undefined;
  /**
   * Header with the API key, for `authenticate`.
   *
   * @default "X-API-Key"
   */
  apiKeyHeader?: string | undefined;
  /**
   * Other origins that can send requests with the user's cookies, for `getUser`.
   *
   * @default []
   */
  trustedOrigins?: readonly string[] | undefined;
  /**
   * Responds to errors instead of the library. An Express error handler, called with an error of `http-errors` with
   * `reason`, `details`, and `headers`. `(error, req, res, next) => next(error)` passes it to the app's own error
   * handler. It cannot let a request through.
   */
  errorHandler?: ErrorHandler | undefined;
  /**
   * Called with the cause of each response of 500 and above. The client does not receive it.
   *
   * @default prints the stack to stderr, secrets blacked out
   */
  onError?: ((error: unknown, req: Request) => unknown) | undefined;
  /** Returns the `context` of the events of a request, such as its address. */
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
 * @param example - Minimal options of the factory, for the error of a factory that was not called.
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
    invalid("getUser", "undefined, because authenticate is set and identifies the user", getUser);
  }
  if (!authenticate && !getUser) {
    const expected = "a function (apiKey, req) => user or null";
    invalid(
      "authenticate",
      expected,
      undefined,
      "For apps with sessions, set getUser(req) instead.",
    );
  }
  return { ...resolved, onError: onError ?? errorLogger(apiKeyHeader) };
}

/** Returns the `context` of a request's events, or `undefined` if the callback fails. */
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
    const expected = "a value, not a promise";
    report(new TotpCallbackError("eventContext", { expected, got: "a promise" }));
    return given;
  }, report);
  return context;
}
