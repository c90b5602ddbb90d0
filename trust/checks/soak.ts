// Thousands of users over each engine, while engines, processes, connections and clocks break. Everything that was
// acknowledged has to be there afterwards, and nothing may have been accepted twice.
//
// SOAK_MINUTES (10), SOAK_USERS (100 a minute, for each engine), SOAK_ENGINES (all, such as "Redis,SQLite"), SEED.
import { randomInt } from "node:crypto";
import { mariadb, postgres, redis } from "../../__tests__/helpers/engines/index.js";
import { sqliteFile } from "../../__tests__/helpers/fleet/sqlite-file.js";
import { type SoakResult, soak } from "../soak/soak.js";

const minutes = Number(process.env.SOAK_MINUTES ?? 10);
const users = Number(process.env.SOAK_USERS ?? Math.ceil(100 * minutes));
const seed = Number(process.env.SEED ?? randomInt(2 ** 31));
const chosen = process.env.SOAK_ENGINES?.split(",");
const MOST_SHOWN = 5;

const all = [postgres, mariadb, redis, sqliteFile];
const kinds = all.filter(({ name }) => !chosen || chosen.includes(name));
console.log(`${minutes} minutes, ${users} users over each engine, SEED=${seed}`);

const missing = kinds.filter((kind) => !kind.find());
for (const { name, debianPackage } of missing) {
  console.log(`${name} is missing: install the Debian package ${debianPackage}`);
}
const results = await Promise.all(
  kinds.flatMap((kind, index) => {
    const start = kind.find();
    return start ? [soak(kind, start, { minutes, users, seed: seed + 10 * index })] : [];
  }),
);

if (results.length > 0) console.table(results.map(rowOf));
for (const result of results) showProblems(result);
const isBroken = results.some((result) => problemsOf(result).length > 0);
process.exitCode = isBroken || missing.length > 0 ? 1 : 0;

function rowOf({ site, users, faults }: SoakResult) {
  const { counts, promises, failedByThemselves } = site;
  const enrolled = users.filter(({ state }) => state.is === "on").length;
  return {
    engine: site.name,
    users: users.length,
    enrolled,
    ...counts,
    "failed without a fault": failedByThemselves,
    ...faults,
    lost: promises.lost.length,
    "accepted twice": promises.acceptedTwice.length,
  };
}

function problemsOf({ site }: SoakResult): string[] {
  const { promises, ledger, crashes } = site;
  return [
    ...promises.lost.map((what) => `lost: ${what}`),
    ...promises.acceptedTwice.map((what) => `accepted twice: ${what}`),
    ...ledger.unlawful.map((what) => `not in the contract: ${what}`),
    ...crashes,
  ];
}

function showProblems(result: SoakResult): void {
  const problems = problemsOf(result);
  if (problems.length > 0) console.log(`\n${result.site.name}: ${problems.length} problems`);
  for (const problem of problems.slice(0, MOST_SHOWN)) console.log(`- ${problem}`);
}
