// Looks into the packed tarball: only run-time files are in it, and its declarations need no package that
// a consumer may not have.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import path from "node:path";

const tarball = String(process.argv[2]);

const RUN_TIME_FILE =
  /^package\/(package\.json|README\.md|LICENSE|dist\/cjs\/package\.json|dist\/(esm|cjs)\/[\w\-/]+\.(js|d\.ts))$/;
// `express` is a peer, and its types bring those of Node.
const TYPES_A_CONSUMER_HAS = /^(express|node:[\w/]+)$/;

/** @param {string[]} args */
function tar(...args) {
  return execFileSync("tar", [...args], { encoding: "utf8", maxBuffer: 2 ** 26 });
}

const files = tar("-tzf", tarball).trim().split("\n");
assert.deepEqual(
  files.filter((file) => !RUN_TIME_FILE.test(file)),
  [],
  "files that are not needed at run time",
);
for (const file of ["README.md", "LICENSE", "package.json"]) {
  assert.ok(files.includes(`package/${file}`), `${file} is missing`);
}

/** @param {string} file */
function read(file) {
  return tar("-xzOf", tarball, file);
}

/**
 * All declarations that a compiler reads for an entry point, and the packages that they import.
 *
 * @param {string} file
 * @param {Map<string, string[]>} packages of each file
 */
function collect(file, packages) {
  if (packages.has(file)) return packages;
  const code = read(file).replaceAll(/\/\*[\s\S]*?\*\//g, "");
  const specifiers = [...code.matchAll(/(?:from|import)\s*\(?\s*"([^"]+)"/g)].map(([, name]) =>
    String(name),
  );
  packages.set(
    file,
    specifiers.filter((name) => !name.startsWith(".")),
  );
  for (const name of specifiers.filter((each) => each.startsWith("."))) {
    collect(path.posix.join(path.posix.dirname(file), name.replace(/\.js$/, ".d.ts")), packages);
  }
  return packages;
}

const manifest = JSON.parse(read("package/package.json"));
for (const [entry, target] of Object.entries(manifest.exports)) {
  if (typeof target === "string") continue;
  for (const { types } of [target.import, target.require]) {
    const packages = collect(path.posix.join("package", types), new Map());
    for (const [file, names] of packages) {
      const strangers = names.filter((name) => !TYPES_A_CONSUMER_HAS.test(name));
      assert.deepEqual(strangers, [], `${file}, reached from "${entry}", imports types of these`);
    }
  }
}

console.log(`${path.basename(tarball)}: ${files.length} files, all needed at run time`);
