// Runs everything that must hold before a release, and prints one table. Arguments choose some of the checks, such as
// `npm run release:check -- owner size`. Exits with 1 if one fails.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { measureImport } from "../bench/import.js";

const root = path.join(import.meta.dirname, "..");
const folder = mkdtempSync(path.join(tmpdir(), "release-"));
const manifest = createRequire(import.meta.url)("../package.json");

/** Fields of package.json that only the owner of the repository can know. */
const OWNER_FIELDS = ["author", "repository", "homepage", "bugs"];
/** Compressed, so that an install stays quick. */
const MAX_TARBALL_BYTES = 400_000;
/** Of the time that importing Express takes. */
const MAX_IMPORT_RATIO = 0.5;

function run(command: string, args: string[], cwd = root): string {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd,
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
  if (status === 0) return stdout;
  const lines = `${stderr}\n${stdout}`.trim().split("\n");
  throw new Error(lines.find((line) => /error/i.test(line)) ?? lines.at(-1));
}

const npm = (...args: string[]) => run("npm", args);
const npx = (...args: string[]) => run("npx", ["--no-install", ...args]);
const node = (...args: string[]) => run(process.execPath, args);

function tarball(): string {
  const find = () => readdirSync(folder).find((name) => name.endsWith(".tgz"));
  if (!find()) npm("pack", "--loglevel=error", "--pack-destination", folder);
  return path.join(folder, String(find()));
}

/** What each check found. It throws if it does not hold. */
const checks: Record<string, () => string> = {
  owner() {
    const missing = OWNER_FIELDS.filter((field) => !manifest[field]);
    if (missing.length > 0) throw new Error(`package.json: set ${missing.join(", ")}`);
    return "all fields are set";
  },
  tree() {
    const changed = run("git", ["status", "--porcelain"]).trim();
    if (changed) throw new Error(`uncommitted: ${changed.split("\n").length} files`);
    return run("git", ["rev-parse", "--short", "HEAD"]).trim();
  },
  changelog() {
    const has = readFileSync(path.join(root, "CHANGELOG.md"), "utf8").includes(
      `## [${manifest.version}]`,
    );
    if (!has) throw new Error(`CHANGELOG.md has no section for ${manifest.version}`);
    return manifest.version;
  },
  audit() {
    npm("audit", "--omit=dev");
    return "no known vulnerability";
  },
  lint() {
    npm("run", "lint");
    npm("run", "unused");
    npm("run", "typecheck");
    return "clean";
  },
  tests() {
    const report = path.join(folder, "jest.json");
    npm("run", "test:all", "--", "--ci", "--json", "--outputFile", report);
    const { numPassedTests, numPendingTests } = JSON.parse(readFileSync(report, "utf8"));
    return `${numPassedTests} passed, ${numPendingTests} skipped`;
  },
  package() {
    node(".ci/check-tarball.mjs", tarball());
    npx("publint", "run", "--strict", tarball());
    npx("attw", tarball());
    return "contents, publint, attw";
  },
  consumers() {
    node(".ci/consumers/run.mjs", tarball());
    node(".ci/monorepo/run.mjs", tarball());
    return "Node.js, Bun, Deno, TypeScript 5.0 to 7, monorepo";
  },
  size() {
    const { size } = statSync(tarball());
    if (size > MAX_TARBALL_BYTES) throw new Error(`${size} bytes, at most ${MAX_TARBALL_BYTES}`);
    return `${size} bytes`;
  },
  import() {
    const ratio = measureImport();
    if (ratio > MAX_IMPORT_RATIO) throw new Error(`${ratio.toFixed(2)} of Express's time`);
    return `${ratio.toFixed(2)} of Express's time`;
  },
  docs() {
    npm("run", "reference");
    return "the reference has no warning";
  },
  sbom() {
    // Of the published package alone: here, npm leaves out what a devDependency needs as well.
    run("tar", ["-xzf", tarball(), "-C", folder]);
    const published = path.join(folder, "package");
    run("npm", ["pkg", "delete", "devDependencies", "peerDependencies", "scripts"], published);
    run("npm", ["install", "--omit=dev", "--omit=peer", "--ignore-scripts"], published);
    const sbom = run(
      "npm",
      ["sbom", "--sbom-format=cyclonedx", "--omit=dev", "--omit=peer"],
      published,
    );
    writeFileSync(path.join(root, "sbom.cdx.json"), sbom);
    return `sbom.cdx.json, ${JSON.parse(sbom).components.length} packages`;
  },
};

const chosen = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(checks);
const results = chosen.map((name) => {
  const check = Object.hasOwn(checks, name) && checks[name];
  if (!check)
    throw new Error(`No check is named ${name}. The checks are ${Object.keys(checks).join(", ")}`);
  console.log(`${name} …`);
  try {
    return { check: name, passed: true, result: check() };
  } catch (error) {
    return { check: name, passed: false, result: (error as Error).message };
  }
});
rmSync(folder, { recursive: true });
console.table(results);
process.exitCode = results.every(({ passed }) => passed) ? 0 : 1;
