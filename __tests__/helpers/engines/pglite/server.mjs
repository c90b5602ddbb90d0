// Serves PGlite, which is PostgreSQL with one session, to any number of connections: `node server.mjs PORT`.
// A connection has the session to itself until its statement, or its transaction, has ended.
import { createServer } from "node:net";
import { PGlite } from "@electric-sql/pglite";
import { citext } from "@electric-sql/pglite/contrib/citext";
import { readRequests, settingsOf } from "./requests.mjs";

/** The last byte of a response if the session is in no transaction. */
const IDLE = "I".charCodeAt(0);

const db = await PGlite.create({ extensions: { citext } });
let turn = Promise.resolve();

/**
 * Resolves when the session is free.
 *
 * @returns {Promise<() => void>} frees it again
 */
async function takeSession() {
  const previous = turn;
  /** @type {() => void} */
  let free = () => {};
  turn = new Promise((resolve) => {
    free = resolve;
  });
  await previous;
  return free;
}

/** @param {import("node:net").Socket} socket */
async function serve(socket) {
  /** @type {[string, string][]} */
  let settings = [];
  /** @type {(() => void) | undefined} */
  let free;

  async function begin() {
    free = await takeSession();
    for (const [name, value] of settings) await db.exec(`SET ${name} = '${value}'`);
  }

  async function end() {
    for (const [name] of settings) await db.exec(`RESET ${name}`);
    free?.();
    free = undefined;
  }

  try {
    for await (const { isStartup, bytes } of readRequests(socket)) {
      if (isStartup) settings = settingsOf(bytes);
      if (!free) await begin();
      const response = await db.execProtocolRaw(bytes);
      if (response.at(-1) === IDLE) await end();
      socket.write(response);
    }
  } finally {
    if (free) {
      await db.exec("ROLLBACK");
      await end();
    }
  }
}

createServer((socket) => {
  // A client that breaks off is no error of the server.
  socket.on("error", () => {});
  serve(socket).catch((error) => socket.destroy(error));
}).listen(Number(process.argv[2]), "127.0.0.1");
