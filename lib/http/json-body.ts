import type { IncomingMessage } from "node:http";
import express, { type Request, type Response } from "express";
import createHttpError from "http-errors";
import { earlierBody, isRaw, type RawBody, toText } from "./earlier-body.js";

const LIMIT_BYTES = 4096;

// For a compressed body, the limit applies to the inflated size.
const parse = express.json({ limit: LIMIT_BYTES, type: isJson });

/**
 * Reads the JSON object in the body of a request, even if the app or an adapter has read it already, as JSON, text, or
 * bytes.
 *
 * @throws A 400, a 408 if it takes longer than `timeoutMs`, or a 413 over 4 KiB. Without the message of the parser,
 *   which quotes the body.
 */
export async function readJsonBody(
  req: Request,
  res: Response,
  timeoutMs: number,
): Promise<Record<string, unknown>> {
  if (Number(req.headers["content-length"]) > LIMIT_BYTES) throw tooLarge();
  // The parser of Express 4 does not notice that the one of Express 5 has read the body, and would wait for it.
  if (earlierBody(req) === undefined && !req.readableEnded) await parseInto(req, res, timeoutMs);
  if (!isJson(req))
    throw createHttpError(400, "Send a JSON object with Content-Type: application/json");
  const given = earlierBody(req) ?? req.body;
  const body = isRaw(given) ? parseRaw(given) : given;
  // The length of a chunked or compressed body is unknown if the app's own parser has read it.
  const isLengthKnown = req.headers["content-length"] && !req.headers["content-encoding"];
  if (!isLengthKnown && sizeOf(body) > LIMIT_BYTES) throw tooLarge();
  if (typeof body === "object" && body !== null && !Array.isArray(body)) {
    return body as Record<string, unknown>;
  }
  throw createHttpError(400, "The body is not a JSON object");
}

function parseRaw(body: RawBody): unknown {
  if (Buffer.byteLength(body) > LIMIT_BYTES) throw tooLarge();
  try {
    return JSON.parse(toText(body, LIMIT_BYTES));
  } catch (error) {
    if (Object(error).code === "ERR_BUFFER_TOO_LARGE") throw tooLarge();
    // The parser's message would quote the text.
    throw createHttpError(400, "The body is not JSON");
  }
}

/** Reads a text from a field of a body. Throws a 400 that names the field if it is missing. */
export function readText(body: Record<string, unknown>, field: string): string {
  const value = Object.hasOwn(body, field) ? body[field] : undefined;
  if (typeof value === "string" && value !== "") return value;
  throw createHttpError(400, `The field "${field}" must be a non-empty string`);
}

function parseInto(req: Request, res: Response, timeoutMs: number): Promise<void> {
  return new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => {
      // Otherwise, the rest of the body would be parsed as the next request.
      if (!res.headersSent) res.setHeader("Connection", "close");
      reject(createHttpError(408, "The body did not arrive in time"));
    }, timeoutMs);
    parse(req, res, (error?: unknown) => {
      clearTimeout(timer);
      if (error) reject(asBodyError(error));
      else resolve();
    });
  });
}

/** Checks only this header, because adapters can omit the ones that say that there is a body. */
function isJson(req: IncomingMessage): boolean {
  return /^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i.test(req.headers["content-type"] ?? "");
}

function asBodyError(error: unknown): Error {
  const { status } = Object(error) as { status?: unknown };
  if (status === 413) return tooLarge();
  if (typeof status === "number" && status < 500)
    return createHttpError(400, "The body is not JSON");
  return error as Error;
}

function sizeOf(body: unknown): number {
  try {
    return Buffer.byteLength(JSON.stringify(body) ?? "");
  } catch {
    // Nested too deeply for JSON.stringify.
    return Infinity;
  }
}

function tooLarge(): Error {
  return createHttpError(413, `The body is larger than ${LIMIT_BYTES} bytes`);
}

interface Types {
  string: string;
  boolean: boolean;
}

/** Reads an optional field of a body. Throws a 400 that names the field if it has another type. */
export function readOptional<Type extends keyof Types>(
  body: Record<string, unknown>,
  field: string,
  type: Type,
): Types[Type] | undefined {
  const value = Object.hasOwn(body, field) ? (body[field] ?? undefined) : undefined;
  const given: string = typeof value;
  if (value === undefined || given === type) return value as Types[Type] | undefined;
  throw createHttpError(400, `The field "${field}" must be a ${type}`);
}
