// One area, which trust/checks/mutation.ts names in the environment.
const { MUTATION_AREA: area = "", MUTATION_FILES: files = "[]" } = process.env;
const reports = `reports/mutation/${area}`;

/** @type {import("@stryker-mutator/api/core").PartialStrykerOptions} */
export default {
  mutate: JSON.parse(files),
  testRunner: "jest",
  jest: { configFile: "trust/mutation/jest.config.cjs", enableFindRelatedTests: false },
  coverageAnalysis: "perTest",
  concurrency: Number(process.env.MUTATION_CONCURRENCY ?? 2),
  // Jest leaks a little with each run.
  maxTestRunnerReuse: 100,
  // Added to twice the time of the tests. Most endless loops are found sooner, by the count of their turns.
  timeoutMS: 30_000,
  timeoutFactor: 2,
  dryRunTimeoutMinutes: 20,
  // Type-checked by nothing here: what a mutant does counts, and not whether it compiles.
  disableTypeChecks: false,
  // Stryker reads it with the API of TypeScript 5, and needs it for nothing that it does here.
  tsconfigFile: "none",
  ignorePatterns: ["bench", "reports", "coverage", "dist", "examples/web", "*.png"],
  tempDirName: `.stryker-tmp/${area}`,
  // To try tests with: it keeps old results of static mutants and of timeouts, which new tests may change.
  incremental: process.env.MUTATION_INCREMENTAL === "1",
  incrementalFile: `${reports}/incremental.json`,
  reporters: ["json", "progress-append-only", ...(process.env.EV ? ["event-recorder"] : [])],
  jsonReporter: { fileName: `${reports}/report.json` },
  eventReporter: { baseDir: `${reports}/events` },
  allowConsoleColors: false,
  checkers: [],
  plugins: ["@stryker-mutator/jest-runner"],
};
