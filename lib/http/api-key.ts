import type { IncomingMessage } from "node:http";
import createHttpError from "http-errors";

// Longer than any token in use, and half of the size of all headers that Node accepts by default.
const LONGEST_KEY = 8192;

/**
 * Reads the API key of a request, as the client sent it.
 *
 * @throws A 401 whose message says what to send, if there is not exactly one valid key.
 */
export function readApiKey(req: IncomingMessage, header: string): string {
  const name = header.toLowerCase();
  const key = req.headers[name];
  if (key === undefined) throw unauthorized(`The ${header} header is missing`);
  if (typeof key !== "string" || isRepeated(req, name)) {
    throw unauthorized(`The ${header} header must be sent only once`);
  }
  if (key.trim() === "") throw unauthorized(`The ${header} header is empty`);
  if (key.length > LONGEST_KEY) {
    throw unauthorized(`The ${header} header is longer than ${LONGEST_KEY} characters`);
  }
  if (!/^[\x20-\x7e]+$/.test(key)) {
    throw unauthorized(`The ${header} header must be printable ASCII`);
  }
  return key;
}

/**
 * Checks the raw headers, because Node joins or drops repeated ones in `req.headers`. The requests of serverless
 * adapters have no raw headers.
 */
function isRepeated({ rawHeaders = [] }: Partial<IncomingMessage>, name: string): boolean {
  let count = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const raw = String(rawHeaders[i]);
    if (raw.length === name.length && raw.toLowerCase() === name) count++;
  }
  return count > 1;
}

function unauthorized(details: string) {
  return createHttpError(401, details);
}
