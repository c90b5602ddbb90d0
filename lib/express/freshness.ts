import type { Request } from "express";
import type { Awaitable } from "../base/awaitable.js";
import { callback, integerBetween, invalid } from "../base/checks.js";
import { type OptionTable, optional, required, resolveOptions } from "../base/options.js";
import type { UserId } from "../base/user.js";

/** Where a value is kept for the session of a request. */
export interface SessionValue {
  get(req: Request): unknown;
  set(req: Request, value: unknown): Awaitable<unknown>;
}

/** Options of {@link sessionFreshness}. */
export interface SessionFreshnessOptions {
  /** How long a session stays fresh after its user gave a code, in seconds, 1 to 86 400. */
  maxAgeSeconds: number;
  /** Reads the value from the session of a request; for other sessions than `req.session`. */
  get?: SessionValue["get"] | undefined;
  /** Stores the value in the session of a request. Both or neither. */
  set?: SessionValue["set"] | undefined;
}

/** Remembers in a session when its user last gave a code. Created by {@link sessionFreshness}. */
export interface Freshness extends SessionValue {
  readonly maxAgeSeconds: number;
}

export const FRESHNESS_OPTIONS = {
  maxAgeSeconds: required(integerBetween(1, 86_400, "It is in seconds.")),
  get: optional(callback<SessionValue["get"]>("(req) => value")),
  set: optional(callback<SessionValue["set"]>("(req, value) => void")),
} satisfies OptionTable<SessionFreshnessOptions>;

const KEY = "totpFreshness";

/**
 * Lets a session pass `requireTotp` for a while after its user gave a code: it is remembered in this session
 * (by default `req.session` of express-session), and never by user alone, as a stolen session must not ride
 * on its owner's codes.
 *
 * @throws {@link TotpConfigError} if an option is missing, unknown or unusable.
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
  if (get || set) invalid(get ? "set" : "get", "to be given with the other one", undefined);
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
    : invalid(option, "what sessionFreshness returned", value);
}

/** What is remembered: who gave a code, for which enrollment, and when. */
interface Entry {
  userId: string;
  enrolledAt: number;
  verifiedAt: number;
}

export function entryOf(userId: UserId, enrolledAt: Date, verifiedAt: number): Entry {
  return { userId: String(userId), enrolledAt: enrolledAt.getTime(), verifiedAt };
}

/** When the session's user last gave a code, if that was for this enrollment and is not too long ago. */
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
    // A time in the future means that a clock was set back: nothing is known of its age.
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
    "Mount express-session before, or give sessionFreshness get and set for your sessions.",
  );
}

function isFunction(value: unknown): boolean {
  return typeof value === "function";
}
