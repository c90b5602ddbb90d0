import { type ServerResponse, STATUS_CODES } from "node:http";
import { sendJson } from "./json-response.js";

/** The body of every error, keys in this order. */
export interface ErrorResponseBody {
  /** The HTTP status. */
  code: number;
  /** What is wrong; left out if there is nothing safe to say. */
  details?: string;
  /** The reason phrase of the status. */
  error: string;
  /** What is wrong, for programs; only if it has to do with codes or state. */
  reason?: string;
  /** Seconds until a 429 is worth another try. */
  retry_after?: number;
  /** With `clock_skew`: how far the authenticator app's clock is ahead, in seconds. */
  offset_seconds?: number;
}

/** What the client learns of an error. */
export interface ErrorResponse {
  status: number;
  /** Empty if there is nothing safe to say. */
  details: string;
  /** Keys of the body after the first three. */
  more: Pick<ErrorResponseBody, "reason" | "retry_after" | "offset_seconds">;
  headers: ReadonlyArray<[name: string, value: string]>;
}

/** Headers that an error may set. Errors of HTTP clients carry those of another server's response. */
const ALLOWED_HEADERS = ["retry-after", "www-authenticate", "location"];

const SERVER_ERROR: ErrorResponse = { status: 500, details: "", more: {}, headers: [] };

/** An error with an HTTP status keeps it, and what of it is safe to show; all else is a bare 500. */
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

/** Reads what `http-errors` puts on an error, whichever package created it. */
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

/** A header that Node refuses must not cost the client the response. */
function setHeaderIfValid(res: ServerResponse, name: string, value: string): void {
  try {
    res.setHeader(name, value);
  } catch {
    // Left out. Node checks before it changes anything.
  }
}
