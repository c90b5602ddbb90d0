// Apps in JavaScript, run as they are by Node, Bun and Deno.
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { useLifeCycle } from "./life-cycle.mjs";
import { withServer } from "./programs.mjs";
import { useSetupRoute } from "./setup-route.mjs";

/**
 * @typedef {object} App
 * @property {string} source
 * @property {"module" | "commonjs"} type
 * @property {string[]} prefixes where its routers are mounted
 * @property {(url: string) => Promise<void>} use
 */

/** @type {App[]} */
const APPS = [
  { source: "app.cjs", type: "commonjs", prefixes: [""], use: useSetupRoute },
  { source: "app.mjs", type: "module", prefixes: [""], use: useSetupRoute },
  { source: "both-builds.mjs", type: "module", prefixes: ["/esm", "/cjs"], use: useSetupRoute },
  { source: "life-cycle.mjs", type: "module", prefixes: ["/esm", "/cjs"], use: useLifeCycle },
];

/**
 * @param {string} folder of an install
 * @param {Record<string, import("./programs.mjs").Command>} runtimes
 * @returns {import("./run.mjs").Check[]}
 */
export function checkJavaScript(folder, runtimes) {
  return APPS.flatMap((app) => {
    const program = placeApp(folder, app);
    return Object.entries(runtimes).map(([runtime, command]) => ({
      title: `${app.source} on ${runtime}`,
      run: () =>
        withServer([...command, program], async (url) => {
          for (const prefix of app.prefixes) await app.use(url + prefix);
        }),
    }));
  });
}

/**
 * @param {string} parent
 * @param {App} app
 */
function placeApp(parent, { source, type }) {
  const folder = path.join(parent, source.replace(".", "-"));
  mkdirSync(folder);
  writeFileSync(path.join(folder, "package.json"), JSON.stringify({ private: true, type }));
  const program = path.join(folder, source);
  copyFileSync(path.join(import.meta.dirname, "apps", source), program);
  return program;
}
