// Installs the packed tarball into projects of every kind and Express release, and uses it there.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";

const tarball = path.resolve(String(process.argv[2]));

/**
 * @typedef {object} Install Projects that share their node_modules.
 * @property {string} express
 * @property {string} types of `@types/express`
 * @property {string} [strategy] of npm; "linked" lets a package see its own dependencies only, as pnpm does
 */

/** @type {Install[]} The first has the oldest that package.json allows. */
const INSTALLS = [
  { express: "4.18.0", types: "4.17.0" },
  { express: "4.22.3", types: "4.17.25" },
  { express: "5.3.0", types: "5.0.6" },
  { express: "5.3.0", types: "5.0.6", strategy: "linked" },
];

/**
 * @typedef {object} Project
 * @property {string} name
 * @property {string} source
 * @property {"module" | "commonjs"} type
 * @property {Record<string, unknown>} [compilerOptions] for projects in TypeScript
 * @property {boolean} [bundle] whether it is run as one file made by a bundler
 * @property {string[]} [prefixes] where the router is mounted
 */

/** @type {Project[]} */
const PROJECTS = [
  { name: "commonjs", source: "app.cjs", type: "commonjs" },
  { name: "esm", source: "app.mjs", type: "module" },
  { name: "both-builds", source: "both-builds.mjs", type: "module", prefixes: ["/esm", "/cjs"] },
  {
    name: "typescript-node16",
    source: "app.ts",
    type: "module",
    compilerOptions: { module: "node16" },
  },
  {
    name: "typescript-node16-commonjs",
    source: "app.ts",
    type: "commonjs",
    compilerOptions: { module: "node16" },
  },
  {
    name: "typescript-nodenext",
    source: "app.ts",
    type: "module",
    compilerOptions: { module: "nodenext" },
  },
  {
    name: "typescript-bundler",
    source: "app.ts",
    type: "commonjs",
    compilerOptions: { module: "esnext", moduleResolution: "bundler" },
    bundle: true,
  },
];

const manifest = JSON.parse(
  readFileSync(path.join(import.meta.dirname, "../../package.json"), "utf8"),
);
const ENTRY_POINTS = Object.keys(manifest.exports)
  .filter((entry) => !entry.endsWith(".json"))
  .map((entry) => manifest.name + entry.slice(1));

/** What the last one makes is run. */
const COMPILERS = ["typescript-5", "typescript"];

const TOOLS = [
  "typescript@7.0.2",
  "typescript-5@npm:typescript@5.9.3",
  "esbuild@0.28.2",
  "@types/node@20",
];

const BUNDLE_FOR_NODE = ["--bundle", "--platform=node", "--outdir=out", "--log-level=warning"];

const home = mkdtempSync(path.join(tmpdir(), "consumers-"));
try {
  for (const install of INSTALLS) {
    const folder = installPackages(install);
    for (const project of PROJECTS) await tryProject(folder, project);
  }
} finally {
  rmSync(home, { recursive: true, force: true });
}

/** @param {Install} install */
function installPackages({ express, types, strategy = "hoisted" }) {
  console.log(`Express ${express}, @types/express ${types}, ${strategy}`);
  const folder = path.join(home, `express-${express}-${strategy}`);
  mkdirSync(folder);
  writeJson(path.join(folder, "package.json"), { private: true });
  const flags = ["--prefer-offline", "--loglevel=error", `--install-strategy=${strategy}`];
  const packages = [tarball, `express@${express}`, `@types/express@${types}`, ...TOOLS];
  execFileSync("npm", ["install", ...flags, ...packages], {
    cwd: folder,
    stdio: ["ignore", "ignore", "inherit"],
  });
  return folder;
}

/**
 * @param {string} parent
 * @param {Project} project
 */
async function tryProject(
  parent,
  { name, source, type, compilerOptions, bundle, prefixes = [""] },
) {
  console.log(`  ${name}`);
  const folder = path.join(parent, name);
  mkdirSync(folder);
  copyFileSync(path.join(import.meta.dirname, source), path.join(folder, source));
  writeJson(path.join(folder, "package.json"), { private: true, type });
  if (compilerOptions) compile(folder, compilerOptions);
  if (bundle) run(folder, "esbuild/bin/esbuild", source, ...BUNDLE_FOR_NODE);
  await withServer(path.join(folder, compilerOptions ? "out/app.js" : source), async (url) => {
    for (const prefix of prefixes) await useRoute(url + prefix);
  });
}

/**
 * @param {string} folder
 * @param {Record<string, unknown>} compilerOptions
 */
function compile(folder, compilerOptions) {
  const strictest = { strict: true, exactOptionalPropertyTypes: true, skipLibCheck: false };
  writeJson(path.join(folder, "tsconfig.json"), {
    compilerOptions: { target: "es2022", outDir: "out", ...strictest, ...compilerOptions },
  });
  // All declarations are to be read, those of entry points that the program does without as well.
  const lines = ENTRY_POINTS.map((id, index) => `export * as entry${index} from "${id}";\n`);
  writeFileSync(path.join(folder, "entry-points.ts"), lines.join(""));
  for (const name of COMPILERS) run(folder, `${name}/bin/tsc`);
}

/**
 * @param {string} folder
 * @param {string} program a file below node_modules
 * @param {string[]} args
 */
function run(folder, program, ...args) {
  const file = path.join(folder, "../node_modules", program);
  execFileSync(file, args, { cwd: folder, stdio: ["ignore", "inherit", "inherit"] });
}

/**
 * Runs a program that prints the port it listens on.
 *
 * @param {string} program
 * @param {(url: string) => Promise<void>} use
 */
async function withServer(program, use) {
  const server = spawn(process.execPath, [program], { stdio: ["ignore", "pipe", "inherit"] });
  const exit = once(server, "exit");
  try {
    const lines = createInterface({ input: server.stdout });
    const [port] = await once(lines, "line", { signal: AbortSignal.timeout(30_000) });
    await use(`http://127.0.0.1:${port}`);
  } finally {
    server.kill();
    await exit;
  }
}

/** @param {string} url of the app */
async function useRoute(url) {
  const ask = (/** @type {string} */ key) =>
    fetch(`${url}/auth/v1/users/current/totp/setup`, {
      method: "POST",
      headers: { "X-API-Key": key },
    });

  const given = await ask("key-of-ada");
  assert.equal(given.status, 200);
  const body = /** @type {Record<string, string>} */ (await given.json());
  assert.deepEqual(Object.keys(body), ["qr_code_url", "secret"]);
  assert.match(String(body.qr_code_url), /^data:image\/png;base64,[\w+/]+=*$/);
  assert.match(String(body.secret), /^[A-Z2-7]{32}$/);

  const refused = await ask("wrong");
  assert.equal(refused.status, 401);
  assert.equal(
    await refused.text(),
    '{"code":401,"details":"The provided ID is not valid","error":"Unauthorized"}',
  );
}

/**
 * @param {string} file
 * @param {object} content
 */
function writeJson(file, content) {
  writeFileSync(file, JSON.stringify(content, null, 2));
}
