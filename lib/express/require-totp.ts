import type { Request, RequestHandler } from "express";
import { callWithin } from "../base/call-within.js";
import { describeKind } from "../base/describe.js";
import { TotpCallbackError } from "../base/errors.js";
import type { TotpUser, UserId } from "../base/user.js";
import type { Middleware } from "../http/middleware.js";
import { contextOf } from "../http/options.js";
import { createRespond } from "../http/respond.js";
import type { CodeMethod } from "../service/events.js";
import { freshSince } from "./freshness.js";
import { type GuardConfig, type RequireTotpOptions, resolveGuardOptions } from "./guard-options.js";
import { identifyFor } from "./identify-for.js";
import { OF_GUARD, refusalError } from "./refusals.js";

/**
 * How a request passed {@link requireTotp}. It is set as `req.totp`.
 *
 * @example
 * ```ts
 * app.post("/transfers", requireTotp({ totp, authenticate }), (req, res) => {
 *   const verification: TotpVerification | undefined = req.totp;
 *   res.json({ method: verification?.method });
 * });
 * ```
 */
export interface TotpVerification {
  /** The user's id, as the app returned it. */
  userId: UserId;
  /** The kind of the code. Missing if an earlier code of this session was fresh enough. */
  method?: CodeMethod;
  /** When the code was accepted. */
  verifiedAt: Date;
}

declare global {
  namespace Express {
    interface Request {
      /** Set by `requireTotp`. `undefined` if it let a user pass whose TOTP is off. */
      totp?: TotpVerification | undefined;
    }
  }
}

/**
 * Creates a middleware that requires a fresh TOTP or backup code, for routes that a stolen session or API key must not
 * reach. The code is used up. Without one, or if the user has TOTP off, it responds with a 403. It sets `req.totp`.
 *
 * @throws {@link TotpConfigError} if an option is missing, unknown, or invalid.
 * @example
 * ```ts
 * app.post("/transfers", requireTotp({ totp, authenticate }), transfer);
 * ```
 */
export function requireTotp<User extends TotpUser>(
  options: RequireTotpOptions<User>,
): RequestHandler & Middleware {
  const config = resolveGuardOptions(options);
  const respond = createRespond(config);
  const middleware: RequestHandler = (req, res, next) => {
    guard(config, req).then(
      (verification) => {
        if (res.headersSent) return;
        req.totp = verification;
        next();
      },
      (error: unknown) => respond(error, req, res, next),
    );
  };
  return middleware as RequestHandler & Middleware;
}

/** Throws if the request must not pass. */
async function guard(config: GuardConfig, req: Request): Promise<TotpVerification | undefined> {
  const { user, userId } = await identifyFor(config, req);
  const code = await readCode(config, req);
  return code === undefined
    ? passWithoutCode(config, req, user, userId)
    : passWithCode(config, req, user, userId, code);
}

async function passWithCode(
  config: GuardConfig,
  req: Request,
  user: TotpUser,
  userId: UserId,
  code: string,
): Promise<TotpVerification | undefined> {
  const { totp } = config;
  const outcome = await totp.verify(userId, code, { context: contextOf(config, req) });
  if (outcome.ok) {
    return { userId, method: outcome.method, verifiedAt: new Date(totp.config.now()) };
  }
  if (outcome.reason !== "not_enabled") throw refusalError(outcome, OF_GUARD);
  return allowNotEnabled(config, req, user);
}

async function passWithoutCode(
  config: GuardConfig,
  req: Request,
  user: TotpUser,
  userId: UserId,
): Promise<TotpVerification | undefined> {
  const { totp, freshness } = config;
  const { isEnabled, createdAt } = await totp.status(userId);
  if (!isEnabled || !createdAt) return allowNotEnabled(config, req, user);
  const now = Number(totp.config.now());
  const verifiedAt = freshness && freshSince(freshness, req, userId, createdAt, now);
  if (verifiedAt) return { userId, verifiedAt };
  throw refusalError({ ok: false, reason: "code_required" }, OF_GUARD);
}

async function allowNotEnabled(
  { whenNotEnabled, timeoutMs }: GuardConfig,
  req: Request,
  user: TotpUser,
): Promise<undefined> {
  const decision: unknown = await callWithin("whenNotEnabled", timeoutMs, () =>
    whenNotEnabled(user, req),
  );
  if (decision === "allow") return undefined;
  if (decision === "refuse") throw refusalError({ ok: false, reason: "not_enabled" }, OF_GUARD);
  const expected = '"refuse" or "allow"';
  throw new TotpCallbackError("whenNotEnabled", { expected, got: describeKind(decision) });
}

async function readCode(
  { getCode, timeoutMs }: GuardConfig,
  req: Request,
): Promise<string | undefined> {
  const code: unknown = await callWithin("getCode", timeoutMs, () => getCode(req));
  if (code === undefined || code === null || code === "") return undefined;
  if (typeof code === "string") return code;
  const expected = "a string, or undefined";
  throw new TotpCallbackError("getCode", { expected, got: describeKind(code) });
}
