import { gunzipSync } from "node:zlib";
import type { Request } from "express";

/** A body as text or bytes. */
export type RawBody = string | Uint8Array;

/**
 * The body that a parser, a collector or a serverless adapter has read before: JSON, text or bytes;
 * `undefined` if nobody has. Some keep it in `req.rawBody` alone, and the parsers of Express 4 leave an
 * empty object behind for a body that they did not read.
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
 * Whoever reads bytes without parsing them leaves them compressed. JSON never begins like gzip.
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
