import { type ServerResponse, STATUS_CODES } from "node:http";
import { sendJson } from "./json-response.js";

/** The body of every error: keys in this order, `details` left out when there is nothing safe to say. */
export interface ErrorResponseBody {
  /** The HTTP status. */
  code: number;
  /** What is wrong. */
  details?: string;
  /** The reason phrase of the status. */
  error: string;
}

/** What the client is told of an error. */
export interface ErrorResponse {
  status: number;
  /** Empty when there is nothing safe to say. */
  details: string;
  headers: ReadonlyArray<[name: string, value: unknown]>;
}

// Written by this library or by Node for the body and the connection that the answer really has. Errors of
// HTTP clients carry the headers of somebody else's answer.
const OWN_HEADERS = new Set([
  "cache-control",
  "connection",
  "content-encoding",
  "content-length",
  "content-range",
  "content-type",
  "date",
  "etag",
  "keep-alive",
  "last-modified",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

const SERVER_ERROR: ErrorResponse = { status: 500, details: "", headers: [] };

/** What carries an HTTP status keeps it, its headers and an exposed message; all else is a bare 500. */
export function toErrorResponse(error: unknown): ErrorResponse {
  try {
    return readHttpError(error) ?? SERVER_ERROR;
  } catch {
    // A getter of the error threw.
    return SERVER_ERROR;
  }
}

export function sendError(res: ServerResponse, { status, details, headers }: ErrorResponse): void {
  if (res.headersSent) return;
  for (const [name, value] of headers) {
    if (!OWN_HEADERS.has(name.toLowerCase())) setHeaderIfValid(res, name, value);
  }
  const body: ErrorResponseBody = {
    code: status,
    ...(details && { details }),
    error: STATUS_CODES[status] ?? (status < 500 ? "Client Error" : "Server Error"),
  };
  sendJson(res, status, body);
}

/** Reads what `http-errors` puts on an error, whoever made it. */
function readHttpError(error: unknown): ErrorResponse | undefined {
  const { status, statusCode, expose, message, headers } = Object(error) as Record<string, unknown>;
  const own = status ?? statusCode;
  if (!isErrorStatus(own)) return undefined;
  return {
    status: own,
    details: expose === true && typeof message === "string" ? message : "",
    headers: isRecord(headers) ? Object.entries(headers) : [],
  };
}

function isRecord(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isErrorStatus(status: unknown): status is number {
  return Number.isInteger(status) && Number(status) >= 400 && Number(status) <= 599;
}

/** A header that Node refuses must not cost the client the answer. */
function setHeaderIfValid(res: ServerResponse, name: string, value: unknown): void {
  if (typeof value !== "string" && typeof value !== "number" && !isTexts(value)) return;
  try {
    res.setHeader(name, value);
  } catch {
    // Left out. Node checks before it changes anything.
  }
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((each) => typeof each === "string");
}
