import { type ServerResponse, STATUS_CODES } from "node:http";
import { sendJson } from "./json-response.js";

/**
 * The body of every error response, with its keys in this order. Branch on `reason`, never on `details`.
 *
 * @example
 * ```ts
 * const response = await fetch("/auth/v1/users/current/totp/status");
 * if (!response.ok) {
 *   const body = (await response.json()) as ErrorResponseBody;
 *   console.error(body.reason ?? body.error);
 * }
 * ```
 */
export interface ErrorResponseBody {
  /** The HTTP status. */
  code: number;
  /** What is wrong, for people. Omitted if there is nothing that a client should know. */
  details?: string;
  /** The reason phrase of the status. */
  error: string;
  /** What is wrong, for programs. Only for errors that concern codes or state. */
  reason?: string;
  /** With a 429: seconds after which to try again. */
  retry_after?: number;
  /** With `clock_skew`: how far the authenticator app's clock is ahead, in seconds. */
  offset_seconds?: number;
}

/** What the client receives for an error. */
export interface ErrorResponse {
  status: number;
  /** Empty if there is nothing that a client should know. */
  details: string;
  /** Other keys of the body. */
  more: Pick<ErrorResponseBody, "reason" | "retry_after" | "offset_seconds">;
  headers: ReadonlyArray<[name: string, value: string]>;
}

/** Headers that an error can set. Errors of HTTP clients can have all headers of another server's response. */
const ALLOWED_HEADERS = ["retry-after", "www-authenticate", "location"];

const SERVER_ERROR: ErrorResponse = { status: 500, details: "", more: {}, headers: [] };

/** Keeps the HTTP status of an error, and what is safe to show. Other errors become a 500 without details. */
export function toErrorResponse(error: unknown): ErrorResponse {
  try {
    return readHttpError(error) ?? SERVER_ERROR;
  } catch {
    // A getter of the error threw.
    return SERVER_ERROR;
  }
}

export function sendError(
  res: ServerResponse,
  { status, details, more, headers }: ErrorResponse,
): void {
  if (res.headersSent) return;
  for (const [name, value] of headers) setHeaderIfValid(res, name, value);
  const body: ErrorResponseBody = {
    code: status,
    ...(details && { details }),
    error: STATUS_CODES[status] ?? (status < 500 ? "Client Error" : "Server Error"),
    ...more,
  };
  sendJson(res, status, body);
}

/** Reads the properties that `http-errors` sets, whichever package created the error. */
function readHttpError(error: unknown): ErrorResponse | undefined {
  const given = Object(error) as Record<string, unknown>;
  const { expose, message, reason, retryAfterSeconds, offsetSeconds } = given;
  const status = given.status ?? given.statusCode;
  if (!isErrorStatus(status)) return undefined;
  return {
    status,
    details: expose === true && typeof message === "string" ? message : "",
    more: {
      ...(typeof reason === "string" && reason !== "" && { reason }),
      ...(Number.isInteger(retryAfterSeconds) && { retry_after: Number(retryAfterSeconds) }),
      ...(Number.isInteger(offsetSeconds) && { offset_seconds: Number(offsetSeconds) }),
    },
    headers: readHeaders(given.headers, status),
  };
}

function readHeaders(headers: unknown, status: number): [string, string][] {
  if (typeof headers !== "object" || headers === null) return [];
  const allowed = status === 405 ? [...ALLOWED_HEADERS, "allow"] : ALLOWED_HEADERS;
  return Object.entries(headers)
    .filter(([name]) => allowed.includes(name.toLowerCase()))
    .filter(([, value]) => typeof value === "string" || typeof value === "number")
    .map(([name, value]) => [name, String(value)]);
}

function isErrorStatus(status: unknown): status is number {
  return Number.isInteger(status) && Number(status) >= 400 && Number(status) <= 599;
}

/** Ignores a header that Node rejects, so that the client still receives a response. */
function setHeaderIfValid(res: ServerResponse, name: string, value: string): void {
  try {
    res.setHeader(name, value);
  } catch {
    // Node checks the header before it sets anything.
  }
}
