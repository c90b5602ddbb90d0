// Installs the packed tarball with each Express release, and uses it in apps of every kind.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { install } from "./install.mjs";
import { checkJavaScript } from "./javascript.mjs";
import { inParallel } from "./parallel.mjs";
import { findRuntimes } from "./runtimes.mjs";
import { checkTypeScript } from "./typescript.mjs";
import { ESBUILD, INSTALLS, NODE_TYPES, RUNTIMES, TYPESCRIPTS } from "./versions.mjs";

/** @typedef {{ title: string, run: () => Promise<void> }} Check */

const tarball = path.resolve(String(process.argv[2]));
const home = mkdtempSync(path.join(tmpdir(), "consumers-"));
const tools = path.join(home, "tools");
process.env.DENO_DIR = path.join(home, "deno");

try {
  await inParallel([installTools, ...INSTALLS.map((each) => () => installApp(each))]);
  const runtimes = findRuntimes(tools);
  const checks = INSTALLS.flatMap((each) =>
    [
      ...checkTypeScript(folderOf(each), tools, each.everyCompiler ?? false),
      ...checkJavaScript(folderOf(each), runtimes),
    ].map(({ title, run }) => ({ title: `${nameOf(each)}: ${title}`, run })),
  );
  await inParallel(checks.map((check) => () => report(check)));
} finally {
  rmSync(home, { recursive: true, force: true });
}

async function installTools() {
  const compilers = Object.entries(TYPESCRIPTS).map(([name, id]) => `${name}@${id}`);
  await install(tools, [...compilers, ESBUILD, ...Object.values(RUNTIMES)]);
}

/** @param {import("./versions.mjs").Install} each */
async function installApp(each) {
  const packages = [`express@${each.express}`, `@types/express@${each.types}`, NODE_TYPES];
  await install(folderOf(each), [tarball, ...packages], each.strategy);
}

/** @param {import("./versions.mjs").Install} each */
function folderOf(each) {
  return path.join(home, nameOf(each).replaceAll(/\W+/g, "-"));
}

/** @param {import("./versions.mjs").Install} each */
function nameOf({ express, strategy }) {
  return strategy ? `Express ${express}, ${strategy}` : `Express ${express}`;
}

/** @param {Check} check */
async function report({ title, run }) {
  try {
    await run();
    console.log(`  ok   ${title}`);
  } catch (error) {
    console.error(`  FAIL ${title}\n`, error);
    process.exitCode = 1;
  }
}
