// Adds up the test runs whose Jest reports lie in a folder. Exits with 1 where one test failed or was skipped.
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

const folder = String(process.argv[2]);
const reports = readdirSync(folder).map((name) =>
  JSON.parse(readFileSync(path.join(folder, name), "utf8")),
);

/** @param {string[]} counts */
function total(...counts) {
  return reports.reduce((sum, report) => counts.reduce((each, key) => each + report[key], sum), 0);
}

const passed = total("numPassedTests");
// A file that could not even be loaded has no test that could fail.
const failed = total("numFailedTests", "numRuntimeErrorTestSuites");
const skipped = total("numPendingTests", "numTodoTests");

console.log(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
process.exitCode = passed > 0 && failed === 0 && skipped === 0 ? 0 : 1;
