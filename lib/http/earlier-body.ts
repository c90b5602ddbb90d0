import { gunzipSync } from "node:zlib";
import type { Request } from "express";

/** A body that is text or bytes. */
export type RawBody = string | Uint8Array;

/**
 * Returns the body that a parser, a logger, or a serverless adapter has already read: JSON, text, or bytes. Returns
 * `undefined` if nothing has read it. Some store it only in `req.rawBody`, and the parsers of Express 4 set an empty
 * object if they did not read the body.
 */
export function earlierBody(req: Request): unknown {
  const { body, rawBody } = req as { body?: unknown; rawBody?: unknown };
  if (!isEmpty(body)) return body;
  return isRaw(rawBody) ? rawBody : undefined;
}

export function isRaw(body: unknown): body is RawBody {
  return typeof body === "string" || body instanceof Uint8Array;
}

/**
 * Decodes a body. Bytes that were read but not parsed can still be compressed; JSON never begins like gzip.
 *
 * @throws If they are damaged or inflate to more than `limitBytes`.
 */
export function toText(body: RawBody, limitBytes: number): string {
  if (typeof body === "string") return body;
  const isGzip = body[0] === 0x1f && body[1] === 0x8b;
  const bytes = isGzip ? gunzipSync(body, { maxOutputLength: limitBytes }) : Buffer.from(body);
  return bytes.toString();
}

function isEmpty(body: unknown): boolean {
  if (isRaw(body)) return body.length === 0;
  return Object.keys(Object(body)).length === 0;
}
