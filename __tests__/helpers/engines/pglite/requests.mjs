// The part of PostgreSQL's protocol that shows where one request ends and the next one begins.

const STARTUP = 196_608;
const SSL_REQUEST = 80_877_103;
const [SYNC = 0, QUERY = 0, TERMINATE = 0] = Buffer.from("SQX");

/**
 * @typedef {object} Request What the server responds to as a whole.
 * @property {boolean} isStartup
 * @property {Buffer} bytes
 */

/**
 * Reads the requests of a connection: its startup, then all messages up to a Sync, or a simple query.
 *
 * @param {import("node:net").Socket} socket
 * @returns {AsyncGenerator<Request>}
 */
export async function* readRequests(socket) {
  let isStartup = true;
  let received = Buffer.alloc(0);
  let begin = 0;
  for await (const chunk of socket) {
    received = Buffer.concat([received, chunk]);
    for (;;) {
      // Messages have one byte for their type in front of their length; the first ones have none.
      const lengthAt = isStartup ? begin : begin + 1;
      if (received.length < lengthAt + 4) break;
      const end = lengthAt + received.readInt32BE(lengthAt);
      if (received.length < end) break;
      const type = isStartup ? received.readInt32BE(begin + 4) : received[begin];
      begin = end;
      if (type === TERMINATE) return;
      if (type === SSL_REQUEST) socket.write("N");
      else if (type === STARTUP || type === SYNC || type === QUERY) {
        yield { isStartup, bytes: received.subarray(0, end) };
        isStartup = false;
      } else continue;
      received = received.subarray(end);
      begin = 0;
    }
  }
}

/**
 * The settings among the options of a startup: `-c name=value`, where a backslash escapes a space.
 *
 * @param {Buffer} startup
 * @returns {[name: string, value: string][]}
 */
export function settingsOf(startup) {
  const options = /\0options\0([^\0]*)\0/.exec(startup.toString("utf8", 7))?.[1] ?? "";
  return Array.from(options.matchAll(/-c (\w+)=((?:\\.|\S)*)/g), ([, name = "", value = ""]) => [
    name,
    value.replaceAll("\\", ""),
  ]);
}
