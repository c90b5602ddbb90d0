import path from "node:path";
import { RUNTIMES } from "./versions.mjs";

/** @typedef {import("./programs.mjs").Command} Command */

/**
 * What runs a JavaScript file in each runtime, from the packages that are installed and no others.
 *
 * @param {string} tools
 * @returns {Record<"node" | "bun" | "deno", Command>}
 */
export function findRuntimes(tools) {
  const folderOf = (/** @type {string} */ id) =>
    path.join(tools, "node_modules", id.slice(0, id.lastIndexOf("@")));
  const grants = ["--allow-net", "--allow-read", "--allow-env", "--no-prompt"];
  return {
    node: [process.execPath],
    bun: [path.join(folderOf(RUNTIMES.bun), "bin/bun"), "--no-install"],
    deno: [
      path.join(folderOf(RUNTIMES.deno), "deno"),
      ...["run", ...grants, "--cached-only", "--node-modules-dir=manual"],
    ],
  };
}
