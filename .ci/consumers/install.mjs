import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { run } from "./programs.mjs";

/**
 * Installs packages into a new folder, without their install scripts.
 *
 * @param {string} folder
 * @param {string[]} packages
 * @param {string} [strategy] of npm
 */
export async function install(folder, packages, strategy = "hoisted") {
  mkdirSync(folder);
  writeFileSync(path.join(folder, "package.json"), JSON.stringify({ private: true }));
  const flags = ["--prefer-offline", "--ignore-scripts", "--no-audit", "--loglevel=error"];
  await run(folder, ["npm", "install", ...flags, `--install-strategy=${strategy}`, ...packages]);
}
