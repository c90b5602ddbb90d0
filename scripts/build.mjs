// Builds lib twice: ES modules into dist/esm, CommonJS into dist/cjs, each with its own declarations.
import { spawnSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

const root = path.join(import.meta.dirname, "..");
const typescript = path.dirname(createRequire(import.meta.url).resolve("typescript/package.json"));

function compile(...options) {
  const args = [path.join(typescript, "bin/tsc"), "-p", path.join(root, "lib"), ...options];
  const { status } = spawnSync(process.execPath, args, { stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}

rmSync(path.join(root, "dist"), { recursive: true, force: true });
compile();
compile("--module", "commonjs", "--moduleResolution", "bundler", "--outDir", "dist/cjs");
// The package is "type": "module"; this file turns its CommonJS half back.
writeFileSync(path.join(root, "dist/cjs/package.json"), '{ "type": "commonjs" }\n');
