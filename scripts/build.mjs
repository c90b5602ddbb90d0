// Builds lib twice: ES modules into dist/esm, CommonJS into dist/cjs, each with its own declarations.
// No source maps: the sources are not in the package, and what the compiler writes reads like them.
import { spawnSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

const root = path.join(import.meta.dirname, "..");
const typescript = path.dirname(createRequire(import.meta.url).resolve("typescript/package.json"));

/** @param {string[]} options */
function compile(...options) {
  const args = [path.join(typescript, "bin/tsc"), "-p", "lib", ...options];
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}

rmSync(path.join(root, "dist"), { recursive: true, force: true });
compile("--outDir", "dist/esm");
// `bundler` finds modules the same way; node16 and nodenext would go by the root's "type": "module".
compile("--outDir", "dist/cjs", "--module", "commonjs", "--moduleResolution", "bundler");
// The package is "type": "module"; this file turns its CommonJS half back. Bundlers read it in place of
// the package's own, so what it says of side effects is said again.
const manifest = { type: "commonjs", sideEffects: false };
writeFileSync(path.join(root, "dist/cjs/package.json"), `${JSON.stringify(manifest)}\n`);
