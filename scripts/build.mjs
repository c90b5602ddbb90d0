// Builds lib twice: ES modules into dist/esm, CommonJS into dist/cjs, each with its own declarations. The compiler's
// modules, over a hundred, are joined into a few files, which load in less than half the time. Modules that several
// entry points share are in files of their own, so that a class is the same one in each. No source maps: the sources
// are not in the package, and the output reads like them.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { rollup } from "rollup";

const root = path.join(import.meta.dirname, "..");
const typescript = path.dirname(createRequire(import.meta.url).resolve("typescript/package.json"));
const { exports: entryPoints } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));

/** @param {string[]} options */
function compile(...options) {
  const args = [path.join(typescript, "bin/tsc"), "-p", "lib", ...options];
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}

/** The entry points as rollup names them: `pages/index` for `dist/esm/pages/index.js`. */
const names = Object.values(entryPoints)
  .map((target) => target.import?.default)
  .filter((built) => built !== undefined)
  .map((built) => built.replace("./dist/esm/", "").replace(/\.js$/, ""));

rmSync(path.join(root, "dist"), { recursive: true, force: true });
const modules = mkdtempSync(path.join(tmpdir(), "build-"));
compile("--outDir", modules, "--declaration", "false");
compile("--outDir", "dist/esm", "--emitDeclarationOnly");
// `bundler` finds modules the same way; node16 and nodenext would go by the root's "type": "module".
compile(
  "--outDir",
  "dist/cjs",
  "--emitDeclarationOnly",
  "--module",
  "commonjs",
  "--moduleResolution",
  "bundler",
);

const bundle = await rollup({
  input: Object.fromEntries(names.map((name) => [name, path.join(modules, `${name}.js`)])),
  // Whatever is not a file of ours.
  external: (id) => !/^[./]/.test(id),
  onwarn(warning) {
    throw new Error(warning.message);
  },
});
for (const [format, dir] of /** @type {const} */ ([
  ["es", "esm"],
  ["cjs", "cjs"],
])) {
  await bundle.write({
    format,
    dir: path.join(root, "dist", dir),
    entryFileNames: "[name].js",
    chunkFileNames: "shared/[name]-[hash].js",
    hashCharacters: "hex",
    // As the compiler reads CommonJS packages.
    interop: "auto",
    generatedCode: "es2015",
  });
}
await bundle.close();
rmSync(modules, { recursive: true });

// The package is "type": "module"; this file turns its CommonJS half back. Bundlers read it in place of
// the package's own, so what it says of side effects is said again.
const manifest = { type: "commonjs", sideEffects: false };
writeFileSync(path.join(root, "dist/cjs/package.json"), `${JSON.stringify(manifest)}\n`);
