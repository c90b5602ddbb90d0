// Starts engines and the browser on request, each once, for all test files of a run.
import { once } from "node:events";
import { createServer } from "node:http";
import { require as requireTypeScript } from "tsx/cjs/api";

/** @typedef {import("../engines/local-engine.js").Engine} Engine */

/** @type {Map<string, Promise<Engine>>} */
const started = new Map();

const server = createServer(async (req, res) => {
  try {
    const { url } = await startOnce(decodeURIComponent(String(req.url).slice(1)));
    res.end(url);
  } catch (error) {
    res.writeHead(500).end(String(error));
  }
});

/** @returns {Promise<string>} the URL below which each engine has its name */
export async function serveEngines() {
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = /** @type {import("node:net").AddressInfo} */ (server.address());
  return `http://127.0.0.1:${address.port}/`;
}

export async function stopEngines() {
  server.close();
  server.closeAllConnections();
  const engines = await Promise.allSettled(started.values());
  started.clear();
  await Promise.all(engines.map((each) => each.status === "fulfilled" && each.value.stop()));
}

/** @param {string} name */
function startOnce(name) {
  const engine = started.get(name) ?? start(name);
  started.set(name, engine);
  return engine;
}

/** @param {string} name */
async function start(name) {
  /** @type {typeof import("../engines/index.js")} */
  const { mariadb, pglite, postgres } = requireTypeScript("../engines/index.ts", import.meta.url);
  if (name === "Chromium")
    return requireTypeScript("../browser.ts", import.meta.url).startBrowser();
  const run = [mariadb, pglite, postgres].find((kind) => kind.name === name)?.find("none");
  if (!run) throw new Error(`${name} cannot be started for all test files`);
  return run();
}
