import type { IncomingMessage } from "node:http";
import createHttpError from "http-errors";

// Room for any token in use, and half of all the headers that Node accepts by default.
const LONGEST_KEY = 8192;

/**
 * The API key of a request, as the client sent it.
 *
 * @throws A 401 whose message says what to send, where there is not exactly one usable key.
 */
export function readApiKey(req: IncomingMessage, header: string): string {
  const [key, ...others] = headerValues(req, header);
  if (key === undefined) throw unauthorized(`The ${header} header is missing`);
  if (others.length > 0) throw unauthorized(`The ${header} header must be sent only once`);
  if (key.trim() === "") throw unauthorized(`The ${header} header is empty`);
  if (key.length > LONGEST_KEY) {
    throw unauthorized(`The ${header} header is longer than ${LONGEST_KEY} characters`);
  }
  if (!/^[\x20-\x7e]+$/.test(key)) {
    throw unauthorized(`The ${header} header must be printable ASCII`);
  }
  return key;
}

/** Read off the raw headers: Node joins or drops repeated ones before they reach `req.headers`. */
function headerValues(req: IncomingMessage, header: string): string[] {
  const { rawHeaders } = req;
  const values: string[] = [];
  const wanted = header.toLowerCase();
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = String(rawHeaders[i]);
    if (name.length === wanted.length && name.toLowerCase() === wanted) {
      values.push(String(rawHeaders[i + 1]));
    }
  }
  return values;
}

function unauthorized(details: string) {
  return createHttpError(401, details);
}
