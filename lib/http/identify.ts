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

/** Returns the user that an API key belongs to. A nullish or false value rejects the key. */
export type Authenticate<User> = (
  apiKey: string,
  req: Request,
) => Awaitable<User | null | undefined | false>;

/** Returns the user who is signed in. A nullish or false value means that nobody is. */
export type GetUser<User> = (req: Request) => Awaitable<User | null | undefined | false>;

export interface IdentifyConfig {
  apiKeyHeader: string;
  authenticate?: Authenticate<TotpUser> | undefined;
  getUser?: GetUser<TotpUser> | undefined;
  trustedOrigins: readonly string[];
  timeoutMs: number;
}

// Created once: these responses are what an attacker asks for most, and a stack trace is their dearest part.
const REJECTED_KEY: Readonly<Error> = Object.freeze(
  createHttpError(401, "The provided ID is not valid"),
);
const NOT_SIGNED_IN: Readonly<Error> = Object.freeze(createHttpError(401, "Nobody is signed in"));

/** The user of a request, with the id as the app gave it. Throws a 401 if there is none. */
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

/** Once a user has typed a password into the browser's own dialog, it is sent like a cookie. */
function isSentByBrowsers(header: string, apiKey: string): boolean {
  return /^authorization$/i.test(header) && /^(basic|digest|negotiate|ntlm)\b/i.test(apiKey);
}

export function isNobody(user: unknown): user is null | undefined | false {
  return user === null || user === undefined || user === false;
}

/** Reads the id of what a callback gave as a user, and refuses what could be taken for somebody else. */
export function acceptUser(callback: string, user: TotpUser): { user: TotpUser; userId: UserId } {
  const id = idOf(user);
  if (isUserId(id)) return { user, userId: id };
  const expected = `${USER_ID_EXPECTATION}, an object with such an id, or null`;
  throw new TotpCallbackError(callback, { expected, ...describeUser(user) });
}
