const { readFileSync, writeFileSync } = require("node:fs");
const path = require("node:path");
const { default: TestRunner } = require("jest-runner");

/** Of each test file, what the run without a mutant saw: the names of its tests, and its time. */
const SEEN = path.resolve(__dirname, "seen.json");

/** The first of an area's tests: they were written for what the mutant is in. */
const OWN = String(JSON.parse(process.env.MUTATION_TESTS ?? "[]")[0]).split("*")[0] ?? "";

/**
 * Runs the files with tests that reach the mutant, the area's own and the quickest first, up to the first that fails. Stryker names
 * the tests alone, and Jest would load every file to find them.
 */
module.exports = class extends TestRunner {
  /** @override @type {TestRunner["runTests"]} */
  async runTests(tests, watcher, options) {
    if (process.env.__STRYKER_ACTIVE_MUTANT__ === undefined)
      return this.see(tests, watcher, options);
    let hasFailed = false;
    this.on("test-file-success", ([, { numFailingTests }]) => {
      hasFailed ||= numFailingTests > 0;
    });
    this.on("test-file-failure", () => {
      hasFailed = true;
    });
    for (const test of reaching(tests, this._globalConfig.testNamePattern)) {
      if (hasFailed) return;
      await super.runTests([test], watcher, options);
    }
  }

  /** @type {TestRunner["runTests"]} */
  async see(tests, watcher, options) {
    /** @type {Record<string, { names: string[]; ms: number }>} */
    const seen = {};
    this.on("test-file-success", ([test, { testResults, perfStats }]) => {
      const names = testResults.map(({ fullName }) => fullName);
      seen[test.path] = { names, ms: perfStats.end - perfStats.start };
    });
    await super.runTests(tests, watcher, options);
    writeFileSync(SEEN, JSON.stringify(seen));
  }
};

/**
 * @param {Parameters<TestRunner["runTests"]>[0]} tests
 * @param {string | undefined} namePattern
 */
function reaching(tests, namePattern = "") {
  /** @type {Record<string, { names: string[]; ms: number }>} */
  const seen = JSON.parse(readFileSync(SEEN, "utf8"));
  const named = new RegExp(namePattern, "i");
  const ms = (/** @type {string} */ file) => seen[file]?.ms ?? 0;
  const isOther = (/** @type {string} */ file) => (file.includes(OWN) ? 0 : 1);
  return tests
    .filter(({ path: file }) => seen[file]?.names.some((name) => named.test(name)) ?? true)
    .sort((a, b) => isOther(a.path) - isOther(b.path) || ms(a.path) - ms(b.path));
}
