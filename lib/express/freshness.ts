import type { Request } from "express";
import type { Awaitable } from "../base/awaitable.js";
import { callback, integerBetween, invalid } from "../base/checks.js";
import { type OptionTable, optional, required, resolveOptions } from "../base/options.js";
import type { UserId } from "../base/user.js";

/**
 * Reads and stores one value in the session of a request.
 *
 * @example
 * ```ts
 * const values = new WeakMap<object, unknown>();
 * const inMemory: SessionValue = {
 *   get: (req) => values.get(req.session),
 *   set: (req, value) => values.set(req.session, value),
 * };
 * const freshness = sessionFreshness({ maxAgeSeconds: 300, ...inMemory });
 * ```
 */
export interface SessionValue {
  /** Returns the value in the session of a request. */
  get(req: Request): unknown;
  /** Stores the value in the session of a request. */
  set(req: Request, value: unknown): Awaitable<unknown>;
}

/**
 * Options of {@link sessionFreshness}.
 *
 * @example
 * ```ts
 * const options: SessionFreshnessOptions = { maxAgeSeconds: 300 };
 * const freshness = sessionFreshness(options);
 * ```
 */
export interface SessionFreshnessOptions {
  /** Seconds that a session stays fresh after its user entered a code, 1 to 86 400. */
  maxAgeSeconds: number;
  /** Reads the value from the session of a request, for sessions other than `req.session`. Requires `set`. */
  get?: SessionValue["get"] | undefined;
  /** Stores the value in the session of a request. Requires `get`. */
  set?: SessionValue["set"] | undefined;
}

/**
 * Remembers in a session when its user last entered a code. Created by {@link sessionFreshness}. Pass the same one to
 * the router, the guard, and the pages.
 *
 * @example
 * ```ts
 * const freshness: Freshness = sessionFreshness({ maxAgeSeconds: 300 });
 * app.use(createTotpRouter({ totp, getUser, authorizeSetup, freshness }));
 * ```
 */
export interface Freshness extends SessionValue {
  /** Seconds that a session stays fresh. */
  readonly maxAgeSeconds: number;
}

export const FRESHNESS_OPTIONS = {
  maxAgeSeconds: required(integerBetween(1, 86_400, "It is in seconds.")),
  get: optional(callback<SessionValue["get"]>("(req) => value")),
  set: optional(callback<SessionValue["set"]>("(req, value) => void")),
} satisfies OptionTable<SessionFreshnessOptions>;

const KEY = "totpFreshness";

/**
 * Lets a session pass `requireTotp` for a while after its user entered a code. The time is stored in this session, by
 * default in `req.session` of express-session. It does not count for the user's other sessions, so a stolen session
 * gains nothing from its owner's codes.
 *
 * @throws {@link TotpConfigError} if an option is missing, unknown, or invalid, or if only one of `get` and `set` is
 *   set.
 * @example
 * ```ts
 * const freshness = sessionFreshness({ maxAgeSeconds: 300 });
 * app.use(createTotpRouter({ totp, getUser, authorizeSetup, freshness }));
 * app.post("/transfers", requireTotp({ totp, getUser, freshness }), transfer);
 * ```
 */
export function sessionFreshness(options: SessionFreshnessOptions): Freshness {
  const resolved = resolveOptions("sessionFreshness", FRESHNESS_OPTIONS, options);
  const { maxAgeSeconds, get, set } = resolved;
  if (get && set) return { maxAgeSeconds, get, set };
  if (get) invalid("set", "a function (req, value) => void, because get is set", undefined);
  if (set) invalid("get", "a function (req) => value, because set is set", undefined);
  return {
    maxAgeSeconds,
    get: (req) => sessionOf(req)[KEY],
    set: (req, value) => {
      sessionOf(req)[KEY] = value;
    },
  };
}

export function checkFreshness(option: string, value: unknown): Freshness {
  const { maxAgeSeconds, get, set } = Object(value) as Partial<Freshness>;
  const isFreshness = Number.isInteger(maxAgeSeconds) && [get, set].every(isFunction);
  return isFreshness
    ? (value as Freshness)
    : invalid(option, "the return value of sessionFreshness", value);
}

/** What a session stores: who entered a code, for which enrollment, and when. */
interface Entry {
  userId: string;
  enrolledAt: number;
  verifiedAt: number;
}

export function entryOf(userId: UserId, enrolledAt: Date, verifiedAt: number): Entry {
  return { userId: String(userId), enrolledAt: enrolledAt.getTime(), verifiedAt };
}

/** Returns when the session's user last entered a code, if that was for this enrollment and recently enough. */
export function freshSince(
  { maxAgeSeconds, get }: Freshness,
  req: Request,
  userId: UserId,
  enrolledAt: Date,
  now: number,
): Date | undefined {
  const entry = (get(req) ?? {}) as Partial<Record<keyof Entry, unknown>>;
  const { verifiedAt } = entry;
  if (typeof verifiedAt !== "number") return undefined;
  const age = now - verifiedAt;
  const isFresh =
    entry.userId === String(userId) &&
    entry.enrolledAt === enrolledAt.getTime() &&
    // A time in the future means that a clock was set back, so its age is unknown.
    age >= 0 &&
    age <= maxAgeSeconds * 1000;
  return isFresh ? new Date(verifiedAt) : undefined;
}

function sessionOf(req: Request): Record<string, unknown> {
  const { session } = req as { session?: unknown };
  if (typeof session === "object" && session !== null) return session as Record<string, unknown>;
  return invalid(
    "freshness",
    "a session in req.session",
    session,
    "Mount express-session first, or pass get and set to sessionFreshness for other sessions.",
  );
}

function isFunction(value: unknown): boolean {
  return typeof value === "function";
}
