import type { Request } from "express";
import createHttpError from "http-errors";
import type { Awaitable } from "../base/awaitable.js";
import { callWithin } from "../base/call-within.js";
import { TotpCallbackError } from "../base/errors.js";
import {
  describeUser,
  idOf,
  isUserId,
  type TotpUser,
  USER_ID_EXPECTATION,
  type UserId,
} from "../base/user.js";
import { readApiKey } from "./api-key.js";
import { rejectCrossSite } from "./cross-site.js";

/**
 * Returns the user that an API key belongs to. If it returns `null`, `undefined`, or `false`, the response is a 401.
 *
 * @example
 * ```ts
 * const authenticate: Authenticate<{ id: number }> = (apiKey) => users.findByApiKey(apiKey);
 * ```
 */
export type Authenticate<User> = (
  apiKey: string,
  req: Request,
) => Awaitable<User | null | undefined | false>;

/**
 * Returns the user who is signed in. If it returns `null`, `undefined`, or `false`, the response is a 401.
 *
 * @example
 * ```ts
 * const getUser: GetUser<number> = (req) => req.session.userId;
 * ```
 */
export type GetUser<User> = (req: Request) => Awaitable<User | null | undefined | false>;

export interface IdentifyConfig {
  apiKeyHeader: string;
  authenticate?: Authenticate<TotpUser> | undefined;
  getUser?: GetUser<TotpUser> | undefined;
  trustedOrigins: readonly string[];
  timeoutMs: number;
}

// Created once, because an attacker causes these responses most often, and stack traces are expensive.
const REJECTED_KEY: Readonly<Error> = Object.freeze(
  createHttpError(401, "The provided ID is not valid"),
);
const NOT_SIGNED_IN: Readonly<Error> = Object.freeze(createHttpError(401, "Nobody is signed in"));

/** Identifies the user of a request. The id is the one that the app returned. Throws a 401 if there is no user. */
export async function identify(
  req: Request,
  config: IdentifyConfig,
): Promise<{ user: TotpUser; userId: UserId }> {
  const { getUser, authenticate, apiKeyHeader, trustedOrigins, timeoutMs } = config;
  if (getUser) {
    rejectCrossSite(req, trustedOrigins);
    const user = await callWithin("getUser", timeoutMs, () => getUser(req));
    if (isNobody(user)) throw NOT_SIGNED_IN;
    return acceptUser("getUser", user);
  }
  const apiKey = readApiKey(req, apiKeyHeader);
  if (isSentByBrowsers(apiKeyHeader, apiKey)) rejectCrossSite(req, trustedOrigins);
  const user = await callWithin("authenticate", timeoutMs, () => authenticate?.(apiKey, req));
  if (isNobody(user)) throw REJECTED_KEY;
  return acceptUser("authenticate", user);
}

/** Browsers send a password that was typed into their own dialog automatically, like a cookie. */
function isSentByBrowsers(header: string, apiKey: string): boolean {
  return /^authorization$/i.test(header) && /^(basic|digest|negotiate|ntlm)\b/i.test(apiKey);
}

export function isNobody(user: unknown): user is null | undefined | false {
  return user === null || user === undefined || user === false;
}

/** Reads the id of the user that a callback returned. Throws if it could be mistaken for another user's id. */
export function acceptUser(callback: string, user: TotpUser): { user: TotpUser; userId: UserId } {
  const id = idOf(user);
  if (isUserId(id)) return { user, userId: id };
  const expected = `${USER_ID_EXPECTATION}, an object with such an id, or null`;
  throw new TotpCallbackError(callback, { expected, ...describeUser(user) });
}
