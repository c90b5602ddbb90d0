import type { Request, RequestHandler, Response } from "express";
import createHttpError from "http-errors";
import { callWithin } from "../base/call-within.js";
import type { TotpUser, UserId } from "../base/user.js";
import { respondWithError } from "../http/endpoint.js";
import { acceptUser, identify, REJECTED_KEY } from "../http/identify.js";
import type { Middleware } from "../http/middleware.js";
import { createReport } from "../http/report.js";
import { type GuardConfig, type RequireTotpOptions, resolveGuardOptions } from "./guard-options.js";
import { CODE_HEADER, OF_GUARD, refusalError } from "./refusals.js";

/**
 * Makes a middleware that lets a request through only with a fresh TOTP or backup code of its user in
 * `X-TOTP-Code`: for what a stolen session or API key must not be able to do. The code is used up. Without
 * one, or for a user whose TOTP is off, the answer is a 403 in the documented shape.
 *
 * @throws {@link TotpConfigError} where an option is missing, unknown or unusable.
 * @example
 * ```ts
 * app.post("/transfers", requireTotp({ totp, authenticate }), transfer);
 * ```
 */
export function requireTotp<User extends TotpUser>(
  options: RequireTotpOptions<User>,
): RequestHandler & Middleware {
  const config = resolveGuardOptions(options as unknown as RequireTotpOptions);
  const report = createReport(config.onError);
  const middleware: RequestHandler = (req, res, next) => {
    guard(config, req, res).then(
      (mayPass) => {
        if (mayPass) next();
      },
      (error: unknown) => respondWithError(error, req, res, report),
    );
  };
  return middleware as RequestHandler & Middleware;
}

async function guard(config: GuardConfig, req: Request, res: Response): Promise<boolean> {
  const userId = await findUser(config, req);
  const { totp, maxAgeSeconds } = config;
  const code = req.get(CODE_HEADER);
  if (code !== undefined) {
    const outcome = await totp.verify(userId, code);
    if (!outcome.ok) throw refusalError(outcome, OF_GUARD);
  } else if (maxAgeSeconds === undefined || !(await totp.verifiedWithin(userId, maxAgeSeconds))) {
    throw createHttpError(403, `Send a fresh code in the ${CODE_HEADER} header`);
  }
  return !res.headersSent;
}

async function findUser(config: GuardConfig, req: Request): Promise<UserId> {
  const { getUserId, authenticate, apiKeyHeader, timeoutMs } = config;
  if (authenticate) return (await identify(req, { authenticate, apiKeyHeader, timeoutMs })).userId;
  const user = await callWithin("getUserId", timeoutMs, () => getUserId?.(req));
  if (user === undefined || user === null || user === false) throw REJECTED_KEY;
  return acceptUser("getUserId", user).userId;
}
