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

/** Tells whose API key it is. A nullish or false answer rejects the key. */
export type Authenticate<User> = (
  apiKey: string,
  req: Request,
) => Awaitable<User | null | undefined | false>;

interface IdentifyConfig {
  apiKeyHeader: string;
  authenticate: Authenticate<TotpUser>;
  timeoutMs: number;
}

// Made once: this answer is what an attacker asks for most, and a stack trace is its dearest part.
export const REJECTED_KEY: Readonly<Error> = Object.freeze(
  createHttpError(401, "The provided ID is not valid"),
);

/** The user of a request's API key, with the id as the app gave it. Throws a 401 where there is none. */
export async function identify(
  req: Request,
  { apiKeyHeader, authenticate, timeoutMs }: IdentifyConfig,
): Promise<{ user: TotpUser; userId: UserId }> {
  const apiKey = readApiKey(req, apiKeyHeader);
  const user = await callWithin("authenticate", timeoutMs, () => authenticate(apiKey, req));
  if (user === null || user === undefined || user === false) throw REJECTED_KEY;
  return acceptUser("authenticate", user);
}

/** Reads the id of what a callback gave as a user, and refuses what could be taken for somebody else. */
export function acceptUser(callback: string, user: TotpUser): { user: TotpUser; userId: UserId } {
  const id = idOf(user);
  if (isUserId(id)) return { user, userId: id };
  const expected = `${USER_ID_EXPECTATION}, an object with such an id, or null`;
  throw new TotpCallbackError(callback, { expected, ...describeUser(user) });
}
