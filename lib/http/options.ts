import type { Request } from "express";
import { callback } from "../base/checks.js";
import {
  type OptionTable,
  optional,
  type Resolved,
  required,
  resolveOptions,
  withDefault,
} from "../base/options.js";
import type { TotpUser } from "../base/user.js";
import { checkHeaderName, rejectMountedFactory } from "./checks.js";
import type { Authenticate } from "./identify.js";
import { type ErrorHook, errorLogger } from "./log-error.js";

/** Options of every router and guard. */
export interface HttpOptions<User extends TotpUser = TotpUser> {
  /**
   * Tells whose API key it is: an id, or any object with an `id`. `null`, `undefined` or `false` rejects
   * the key with a 401. An error with an HTTP status keeps it; any other becomes a 500.
   */
  authenticate: Authenticate<User>;
  /**
   * Name of the header that has the API key.
   *
   * @default "X-API-Key"
   */
  apiKeyHeader?: string;
  /**
   * Told the cause of each answer of 500 and above, which the client is not told.
   *
   * @default prints the stack to stderr, secrets blacked out
   */
  onError?: (error: unknown, req: Request) => unknown;
}

export const checkAuthenticate = callback<Authenticate<TotpUser>>("(apiKey, req) => user or null");

export const HTTP_OPTIONS = {
  authenticate: required(checkAuthenticate),
  apiKeyHeader: withDefault("X-API-Key", checkHeaderName),
  onError: optional(callback<ErrorHook>("(error, req) => void")),
} satisfies OptionTable<HttpOptions>;

type AnyHttpTable = Omit<typeof HTTP_OPTIONS, "authenticate"> &
  Parameters<typeof resolveOptions>[1];

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
  const { apiKeyHeader, onError } = resolved as Resolved<AnyHttpTable>;
  return { ...resolved, onError: onError ?? errorLogger(apiKeyHeader) };
}
