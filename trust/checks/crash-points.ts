// Breaks the connection to the store before, in and after each of its calls, for each operation of the service and
// for the setup route. It is fast, and so a part of `npm test`: here it is counted.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

interface Results {
  numPassedTests: number;
  numFailedTests: number;
  testResults: { assertionResults: { status: string; fullName: string }[] }[];
}

const root = path.join(import.meta.dirname, "../..");
const folder = mkdtempSync(path.join(tmpdir(), "totp-crash-points-"));
try {
  const file = path.join(folder, "results.json");
  const jest = path.join(root, "node_modules/jest/bin/jest.js");
  const options = ["--maxWorkers", "1", "--silent", "--json", "--outputFile", file];
  spawnSync(process.execPath, [jest, "crash-points", ...options], { cwd: root, stdio: "ignore" });
  const results: Results = JSON.parse(readFileSync(file, "utf8"));
  const { numPassedTests: passed, numFailedTests: failed } = results;
  console.log(`${passed + failed} crash points, ${failed} of them with a broken promise`);
  const all = results.testResults.flatMap(({ assertionResults }) => assertionResults);
  for (const { status, fullName } of all) if (status === "failed") console.log(`- ${fullName}`);
  process.exitCode = passed > 0 && failed === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
