// The app in TypeScript, compiled in each mode of module resolution and run by Node.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { run, withServer } from "./programs.mjs";
import { useSetupRoute } from "./setup-route.mjs";
import { TYPESCRIPTS } from "./versions.mjs";

/**
 * @typedef {object} Mode
 * @property {string} name
 * @property {Record<string, unknown>} compilerOptions
 * @property {string[]} sources endings of the app's source: `.mts` imports the package, `.cts` requires it
 * @property {boolean} [bundle] whether it is run as one file made by a bundler
 */

/** @type {Mode[]} */
const MODES = [
  {
    name: "node10",
    compilerOptions: { module: "commonjs", moduleResolution: "node10", esModuleInterop: true },
    sources: [".ts"],
  },
  { name: "node16", compilerOptions: { module: "node16" }, sources: [".mts", ".cts"] },
  { name: "nodenext", compilerOptions: { module: "nodenext" }, sources: [".mts", ".cts"] },
  {
    name: "bundler",
    compilerOptions: { module: "esnext", moduleResolution: "bundler" },
    sources: [".ts"],
    bundle: true,
  },
];

/** From the oldest to the newest. */
const COMPILERS = Object.keys(TYPESCRIPTS);
/** What TypeScript 7 no longer has. */
const DROPPED = { compiler: "typescript-7", mode: "node10" };

const BUNDLE_FOR_NODE = ["--bundle", "--platform=node", "--outdir=out", "--log-level=warning"];

const APP = readFileSync(path.join(import.meta.dirname, "apps/app.ts"), "utf8");
const { name, exports } = JSON.parse(
  readFileSync(path.join(import.meta.dirname, "../../package.json"), "utf8"),
);
// All entry points must be found, also those that the app does without.
const ENTRY_POINTS = Object.keys(exports)
  .filter((entry) => !entry.endsWith(".json"))
  .map((entry, index) => `export * as entry${index} from "${name}${entry.slice(1)}";\n`);

/**
 * @param {string} folder of an install
 * @param {string} tools
 * @param {boolean} everyCompiler
 * @returns {import("./run.mjs").Check[]}
 */
export function checkTypeScript(folder, tools, everyCompiler) {
  return MODES.map((mode) => {
    const able = COMPILERS.filter(
      (compiler) => mode.name !== DROPPED.mode || compiler !== DROPPED.compiler,
    );
    const compilers = everyCompiler ? able : able.slice(-1);
    return {
      title: `app.ts, ${mode.name}, ${compilers.join(", ")}`,
      run: () => tryMode(path.join(folder, mode.name), tools, mode, compilers),
    };
  });
}

/**
 * @param {string} folder
 * @param {string} tools
 * @param {Mode} mode
 * @param {string[]} compilers what the last one writes is run
 */
async function tryMode(folder, tools, { name, compilerOptions, sources, bundle }, compilers) {
  mkdirSync(folder);
  writeJson(path.join(folder, "package.json"), { private: true, type: "commonjs" });
  for (const ending of sources) {
    writeFileSync(path.join(folder, `app${ending}`), APP + ENTRY_POINTS.join(""));
  }
  // The app reads the declarations of both builds under node16; checked there, they need no second look.
  const checks = {
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: name !== "node16",
  };
  writeJson(path.join(folder, "tsconfig.json"), {
    compilerOptions: { target: "es2022", outDir: "out", ...checks, ...compilerOptions },
    include: ["app.*"],
  });
  const tool = (/** @type {string} */ program) => path.join(tools, "node_modules", program);
  for (const compiler of compilers) await run(folder, [tool(`${compiler}/bin/tsc`)]);
  if (bundle) await run(folder, [tool("esbuild/bin/esbuild"), "app.ts", ...BUNDLE_FOR_NODE]);
  for (const ending of sources) {
    const program = path.join(folder, "out", `app${ending.replace("t", "j")}`);
    await withServer([process.execPath, program], useSetupRoute);
  }
}

/**
 * @param {string} file
 * @param {object} content
 */
function writeJson(file, content) {
  writeFileSync(file, JSON.stringify(content, null, 2));
}
