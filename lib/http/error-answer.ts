import { type ServerResponse, STATUS_CODES } from "node:http";
import createHttpError, { type HttpError } from "http-errors";
import { sendJson } from "./answer.js";

/** The body of every error: keys in this order, `details` left out when there is nothing safe to say. */
export interface ErrorBody {
  /** The HTTP status. */
  code: number;
  /** What is wrong. */
  details?: string;
  /** The reason phrase of the status. */
  error: string;
}

// Written by this library or by Node for the body that is really sent.
const OWN_HEADERS = new Set([
  "cache-control",
  "content-length",
  "content-type",
  "transfer-encoding",
]);

/** What the client is told of an error: what carries an HTTP status keeps it, all else is a bare 500. */
export function toHttpError(error: unknown): HttpError {
  if (createHttpError.isHttpError(error))
    return isErrorStatus(error.status) ? error : serverError();
  if (typeof error !== "object" || error === null) return serverError();
  const { status, statusCode, expose, headers, message } = error as Partial<HttpError>;
  const own = status ?? statusCode;
  if (!isErrorStatus(own)) return serverError();
  const text = expose === true && typeof message === "string" ? message : "";
  return createHttpError(own, text, { expose: text !== "", ...(headers && { headers }) });
}

export function sendError(res: ServerResponse, error: HttpError): void {
  if (res.headersSent) return;
  for (const [name, value] of Object.entries(error.headers ?? {})) {
    if (!OWN_HEADERS.has(name.toLowerCase())) setHeaderIfValid(res, name, value);
  }
  const { status } = error;
  const body: ErrorBody = {
    code: status,
    ...(error.expose && error.message && { details: error.message }),
    error: STATUS_CODES[status] ?? (status < 500 ? "Client Error" : "Server Error"),
  };
  sendJson(res, status, body);
}

function serverError(): HttpError {
  return createHttpError(500);
}

function isErrorStatus(status: unknown): status is number {
  return Number.isInteger(status) && Number(status) >= 400 && Number(status) <= 599;
}

/** A header that Node refuses must not cost the client the answer. */
function setHeaderIfValid(res: ServerResponse, name: string, value: string): void {
  try {
    res.setHeader(name, value);
  } catch {
    res.removeHeader(name);
  }
}
