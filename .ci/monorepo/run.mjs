// Installs examples/monorepo with the packed tarball, checks its types, and uses its two services together.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import * as scenarios from "./scenarios.mjs";
import { withServices } from "./services.mjs";

const tarball = path.resolve(String(process.argv[2]));
const example = path.join(import.meta.dirname, "../../examples/monorepo");

/**
 * @typedef {object} Layout
 * @property {string} title
 * @property {string[]} flags of `npm install`
 * @property {Record<string, number>} routers the release of Express that makes the routers of each service
 */

/** @type {Layout[]} */
const LAYOUTS = [
  {
    title: "as npm does it by default: the app on Express 4 gets routers of Express 5",
    flags: [],
    routers: { accounts: 5, shop: 5 },
  },
  {
    title: "with each service's dependencies below it",
    flags: ["--install-strategy=nested"],
    routers: { accounts: 5, shop: 4 },
  },
];

const home = mkdtempSync(path.join(tmpdir(), "monorepo-"));
try {
  for (const [index, layout] of LAYOUTS.entries()) {
    console.log(`Installed ${layout.title}`);
    await tryLayout(path.join(home, String(index)), layout);
  }
} finally {
  rmSync(home, { recursive: true, force: true });
}

/**
 * @param {string} folder
 * @param {Layout} layout
 */
async function tryLayout(folder, { flags, routers }) {
  install(folder, flags);
  for (const [service, release] of Object.entries(routers)) {
    assert.equal(releaseOfRouters(path.join(folder, "services", service)), release, service);
  }
  npm(folder, "run", "typecheck");
  for (const [title, scenario] of Object.entries(scenarios)) {
    console.log(`  ${title}`);
    await withServices(folder, scenario);
  }
}

/**
 * @param {string} folder
 * @param {string[]} flags
 */
function install(folder, flags) {
  // Without what may have been installed there by hand.
  const filter = (/** @type {string} */ file) => path.basename(file) !== "node_modules";
  cpSync(example, folder, { recursive: true, filter });
  const file = path.join(folder, "package.json");
  const manifest = JSON.parse(readFileSync(file, "utf8"));
  const overrides = { "express-totp-setup": `file:${tarball}` };
  writeFileSync(file, JSON.stringify({ ...manifest, overrides }));
  npm(folder, "install", "--prefer-offline", "--no-package-lock", ...flags);
}

/**
 * @param {string} folder
 * @param {string[]} args
 */
function npm(folder, ...args) {
  execFileSync("npm", [...args, "--loglevel=error"], {
    cwd: folder,
    stdio: ["ignore", "inherit", "inherit"],
  });
}

/**
 * The major release of the Express that the library finds, from where a service finds the library.
 *
 * @param {string} service
 */
function releaseOfRouters(service) {
  const library = createRequire(path.join(service, "package.json")).resolve("express-totp-setup");
  const { version } = createRequire(library)("express/package.json");
  return Number.parseInt(version, 10);
}
