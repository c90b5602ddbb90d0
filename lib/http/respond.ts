import type { NextFunction, Request, Response } from "express";
import createHttpError from "http-errors";
import { callHook } from "../base/hooks.js";
import { type ErrorResponse, sendError, toErrorResponse } from "./error-response.js";
import { isHangUp } from "./hang-up.js";
import type { ErrorHook } from "./log-error.js";

/** Responds to a request that ended in an error. */
export type Respond = (error: unknown, req: Request, res: Response, next: NextFunction) => void;

interface RespondConfig {
  onError: ErrorHook;
  errorHandler?: ErrorHandler | undefined;
}

/**
 * The error that an {@link ErrorHandler} is called with: one of `http-errors`, with everything that the library's own
 * response would contain.
 *
 * @example
 * ```ts
 * const problemOf = (error: TotpHttpError) => ({ status: error.status, problem: error.reason ?? "other" });
 * ```
 */
export interface TotpHttpError extends Error {
  /** The HTTP status. */
  status: number;
  /** The same as `status`. */
  statusCode: number;
  /** Whether the client can see the message. */
  expose: boolean;
  /** What is wrong, for people. Missing if there is nothing that a client should know. */
  details?: string;
  /** What is wrong, for programs. Only for errors that concern codes or state. */
  reason?: string;
  /** With a 429: seconds after which to try again. */
  retryAfterSeconds?: number;
  /** With `clock_skew`: how far the authenticator app's clock is ahead, in seconds. */
  offsetSeconds?: number;
  /** Headers of the response, such as `Retry-After`. */
  headers?: Record<string, string>;
  /** With a 500 and above: what went wrong. Do not send it to the client. */
  cause?: unknown;
}

/**
 * An Express error handler that responds instead of the library. Whatever it passes to `next`, the request only reaches
 * error handlers, never the route that it was refused for.
 *
 * @example
 * ```ts
 * const errorHandler: ErrorHandler = (error, _req, res) => {
 *   res.status(error.status).set(error.headers ?? {}).json({ problem: error.reason ?? "other" });
 * };
 * app.use(createTotpRouter({ totp, authenticate, errorHandler }));
 * ```
 */
export type ErrorHandler = (
  error: TotpHttpError,
  req: Request,
  res: Response,
  next: NextFunction,
) => unknown;

/** Handles the errors of all routes and guards: calls `onError` for 500 and above, then responds. */
export function createRespond({ onError, errorHandler }: RespondConfig): Respond {
  const report = createReport(onError);
  // If the app's handler calls `next`, the error reaches the error middleware of the same router again.
  const handedOver = new WeakSet<Request>();
  return (error, req, res, next) => {
    if (isHangUp(error)) return;
    if (handedOver.has(req)) return next(error);
    const response = toErrorResponse(error);
    if (response.status >= 500) report(error, req);
    if (!errorHandler) return sendError(res, response);
    handedOver.add(req);
    handOver(errorHandler, toHttpError(response, error), req, res, next);
  };
}

/** Calls `onError`. If that fails, a warning is emitted. */
export function createReport(onError: ErrorHook): (error: unknown, req: Request) => void {
  return (error, req) =>
    callHook(
      () => onError(error, req),
      () => process.emitWarning("onError failed", { type: "TotpWarning", code: "TOTP_ON_ERROR" }),
    );
}

/**
 * Whatever the app's handler does, the request only reaches error handlers. Otherwise, `next()` and `next("route")`
 * would let it through to the guarded route. Calls `next` only once, even if the handler throws after it.
 */
function handOver(
  handler: ErrorHandler,
  error: TotpHttpError,
  req: Request,
  res: Response,
  next: NextFunction,
): void {
  let isDone = false;
  const goOn = (given?: unknown) => {
    if (isDone) return;
    isDone = true;
    next(isPass(given) ? error : given);
  };
  callHook(() => handler(error, req, res, goOn), goOn);
}

function isPass(given: unknown): boolean {
  return !given || given === "route" || given === "router";
}

/** Creates an error with everything that the response would contain, and the cause for the app. */
function toHttpError(
  { status, details, more, headers }: ErrorResponse,
  cause: unknown,
): TotpHttpError {
  const error = details ? createHttpError(status, details) : createHttpError(status);
  const { reason, retry_after: retryAfterSeconds, offset_seconds: offsetSeconds } = more;
  return Object.assign(error, {
    ...(details && { details }),
    ...(reason && { reason }),
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
    ...(offsetSeconds !== undefined && { offsetSeconds }),
    ...(headers.length > 0 && { headers: Object.fromEntries(headers) }),
    ...(status >= 500 && { cause }),
  });
}
