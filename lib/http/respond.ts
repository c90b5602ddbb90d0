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

/** An error of `http-errors`, with what the response would show. */
export interface TotpHttpError extends Error {
  status: number;
  statusCode: number;
  expose: boolean;
  details?: string;
  /** What is wrong, for programs; only if it has to do with codes or state. */
  reason?: string;
  retryAfterSeconds?: number;
  offsetSeconds?: number;
  headers?: Record<string, string>;
  /** From 500 on: what went wrong, for the app alone. */
  cause?: unknown;
}

/** An Express error handler; what it passes to `next` is always an error. */
export type ErrorHandler = (
  error: TotpHttpError,
  req: Request,
  res: Response,
  next: NextFunction,
) => unknown;

/** The one way out for errors of every route and guard: `onError` from 500 on, then the response. */
export function createRespond({ onError, errorHandler }: RespondConfig): Respond {
  const report = createReport(onError);
  // What the app's handler passes on comes by the error middleware of the same router again.
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

/** Calls `onError` so that its own failure can break nothing. */
export function createReport(onError: ErrorHook): (error: unknown, req: Request) => void {
  return (error, req) =>
    callHook(
      () => onError(error, req),
      () => process.emitWarning("onError failed", { type: "TotpWarning", code: "TOTP_ON_ERROR" }),
    );
}

/**
 * Whatever the app's handler does, the request goes no further than to error handlers: `next()` and
 * `next("route")` would let it through to what the route guards. Once, also if it throws after that.
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

/** A new error for each request, with what the response would show; the cause is for the app alone. */
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
