// Runs the long checks that docs/testing.md reports on. Arguments choose some of them, such as
// `npm run trust -- fuzz leaks`. Each is a program of its own: it prints what it found, and exits with 1 if a promise
// does not hold.
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { performance } from "node:perf_hooks";
import { fileURLToPath } from "node:url";

const folder = new URL("./checks/", import.meta.url);

const known = readdirSync(folder)
  .filter((name) => name.endsWith(".ts"))
  .map((name) => name.slice(0, -".ts".length));

const chosen = process.argv.length > 2 ? process.argv.slice(2) : known;
const unknown = chosen.find((name) => !known.includes(name));
if (unknown !== undefined) {
  throw new Error(`No check is named ${unknown}. The checks are ${known.join(", ")}`);
}

const results = chosen.map((name) => {
  console.log(`\n==> ${name}`);
  const begun = performance.now();
  const { status } = spawnSync(
    process.execPath,
    ["--import", "tsx", "--expose-gc", fileURLToPath(new URL(`${name}.ts`, folder))],
    { stdio: "inherit" },
  );
  const minutes = (performance.now() - begun) / 60_000;
  return { name, minutes: minutes.toFixed(1), passed: status === 0 };
});

console.log();
console.table(results);
process.exitCode = results.every(({ passed }) => passed) ? 0 : 1;
