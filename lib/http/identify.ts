import type { Request } from "express";
import createHttpError from "http-errors";
import type { Awaitable } from "../base/awaitable.js";
import { describeKind } from "../base/describe.js";
import { TotpCallbackError } from "../base/errors.js";
import { readApiKey } from "./api-key.js";
import { callWithin } from "./call-within.js";

/** What identifies a user in the app. */
export type UserId = string | number | bigint;

/** A user, as `authenticate` returns it: an id, or any object with one, such as the app's own user row. */
export type AuthenticatedUser = UserId | { readonly id: UserId };

/** The type of a user's id. */
export type IdOf<User> = User extends UserId
  ? User
  : User extends { readonly id: infer Id }
    ? Id
    : never;

/** Tells whose API key it is. A nullish or false answer rejects the key. */
export type Authenticate<User> = (
  apiKey: string,
  req: Request,
) => Awaitable<User | null | undefined | false>;

interface IdentifyConfig {
  apiKeyHeader: string;
  authenticate: Authenticate<AuthenticatedUser>;
  timeoutMs: number;
}

// Made once: this answer is what an attacker asks for most, and a stack trace is its dearest part.
const REJECTED_KEY = Object.freeze(createHttpError(401, "The provided ID is not valid"));

const EXPECTED_USER =
  "a user id (non-empty string without control characters, safe integer, or bigint), an object with such an id, or null";

/** The user of a request's API key, with the id as the app gave it. Throws a 401 where there is none. */
export async function identify(
  req: Request,
  { apiKeyHeader, authenticate, timeoutMs }: IdentifyConfig,
): Promise<{ user: AuthenticatedUser; userId: UserId }> {
  const apiKey = readApiKey(req, apiKeyHeader);
  const user = await callWithin("authenticate", timeoutMs, () => authenticate(apiKey, req));
  if (user === null || user === undefined || user === false) throw REJECTED_KEY;
  return { user, userId: readUserId(user) };
}

function readUserId(user: unknown): UserId {
  const isObject = typeof user === "object" && user !== null && !Array.isArray(user);
  const id = isObject ? (user as { id?: unknown }).id : user;
  if (isUserId(id)) return id;
  const got =
    isObject && id !== undefined
      ? `an object whose id is ${describeId(id)}`
      : describeId(id ?? user);
  throw new TotpCallbackError("authenticate", { expected: EXPECTED_USER, got });
}

function isUserId(id: unknown): id is UserId {
  if (typeof id === "string") return id.trim() !== "" && !/[\p{Cc}\p{Cs}]/u.test(id);
  // Two large numbers can be read as the same float, and one user must never stand for another.
  return typeof id === "bigint" || Number.isSafeInteger(id);
}

function describeId(id: unknown): string {
  if (typeof id !== "string" || id.trim() === "") return describeKind(id);
  return `${describeKind(id)} with a control character or lone surrogate`;
}
