// Looks into the packed tarball: only the build and the documentation are in it, and its declarations need no package that
// a consumer may not have.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import path from "node:path";

const tarball = String(process.argv[2]);

const PUBLISHED_FILE =
  /^package\/(package\.json|openapi\.json|(README|CHANGELOG|SECURITY)\.md|docs\/[\w-]+\.md|LICENSE|dist\/cjs\/package\.json|dist\/(esm|cjs)\/[\w\-/]+\.(js|d\.ts))$/;
// `express` is a peer, and its types bring those of Node.
const TYPES_A_CONSUMER_HAS = /^(express|node:[\w/]+)$/;

/** @param {string[]} args */
function tar(...args) {
  return execFileSync("tar", [...args], { encoding: "utf8", maxBuffer: 2 ** 26 });
}

const files = tar("-tzf", tarball).trim().split("\n");
assert.deepEqual(
  files.filter((file) => !PUBLISHED_FILE.test(file)),
  [],
  "files that are not published",
);
for (const file of ["README.md", "docs/errors.md", "LICENSE", "package.json", "openapi.json"]) {
  assert.ok(files.includes(`package/${file}`), `${file} is missing`);
}

/** @param {string} file */
function read(file) {
  return tar("-xzOf", tarball, file);
}

/**
 * Goes through all declarations that a compiler reads for an entry point.
 *
 * @param {string} file
 * @param {Map<string, string[]>} packages that each file imports
 */
function collect(file, packages) {
  if (packages.has(file)) return;
  const code = read(file).replaceAll(/\/\*[\s\S]*?\*\//g, "");
  const specifiers = [...code.matchAll(/(?:from|import)\s*\(?\s*"([^"]+)"/g)].map(([, name]) =>
    String(name),
  );
  const isOwn = (/** @type {string} */ name) => name.startsWith(".");
  packages.set(
    file,
    specifiers.filter((name) => !isOwn(name)),
  );
  for (const name of specifiers.filter(isOwn)) {
    collect(path.posix.join(path.posix.dirname(file), name.replace(/\.js$/, ".d.ts")), packages);
  }
}

/** @type {Map<string, string[]>} */
const packages = new Map();
for (const target of Object.values(JSON.parse(read("package/package.json")).exports)) {
  if (typeof target === "string") continue;
  for (const { types } of [target.import, target.require]) {
    collect(path.posix.join("package", types), packages);
  }
}
assert.deepEqual(
  [...packages].flatMap(([file, names]) =>
    names.filter((name) => !TYPES_A_CONSUMER_HAS.test(name)).map((name) => `${file}: ${name}`),
  ),
  [],
  "declarations import types that a consumer may not have",
);

console.log(`${path.basename(tarball)}: ${files.length} files: the build and the documentation`);
