// Every version that the checks in this folder install.

/**
 * @typedef {object} Install An app's packages.
 * @property {string} express
 * @property {string} types of `@types/express`
 * @property {string} [strategy] of npm; "linked" lets a package see its own dependencies only, as pnpm does
 * @property {boolean} [everyCompiler] whether each TypeScript compiles against it, not just the newest
 */

/** @type {Install[]} The first has the oldest that package.json allows. */
export const INSTALLS = [
  { express: "4.18.0", types: "4.17.0" },
  { express: "4.22.3", types: "4.17.25" },
  { express: "5.3.0", types: "5.0.6", everyCompiler: true },
  { express: "5.3.0", types: "5.0.6", strategy: "linked" },
];

// TypeScript 5.0 reads these without `skipLibCheck`; those of Node 26 need it.
export const NODE_TYPES = "@types/node@20.19.43";

// The packages bun and deno would link these programs by an install script.
const BUN = "1.4.5";
const DENO = "2.9.6";

/** The platform packages of Bun and Deno, which hold the programs themselves. */
export const RUNTIMES =
  process.arch === "arm64"
    ? { bun: `@oven/bun-linux-aarch64@${BUN}`, deno: `@deno/linux-arm64-glibc@${DENO}` }
    : { bun: `@oven/bun-linux-x64@${BUN}`, deno: `@deno/linux-x64-glibc@${DENO}` };

// The lowest that works, as README.md says; the last 5.x, which has every mode of module resolution; the newest.
export const TYPESCRIPTS = {
  "typescript-5.0": "npm:typescript@5.0.4",
  "typescript-5.9": "npm:typescript@5.9.3",
  "typescript-7": "npm:typescript@7.0.2",
};

export const ESBUILD = "esbuild@0.28.2";
