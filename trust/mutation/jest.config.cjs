// What Stryker runs for each mutant: the tests of one area, in this process, without engines or a browser.
const path = require("node:path");
const quick = require("../../jest.config.cjs");

process.env.ONLY_EXPRESS_5 = "1";

const root = path.resolve(__dirname, "../..");
/** @type {string[]} */
const globs = JSON.parse(process.env.MUTATION_TESTS ?? "[]");

/** @type {import("jest").Config} */
module.exports = {
  ...quick,
  globalSetup: undefined,
  globalTeardown: undefined,
  watchman: false,
  // Kills a mutant that never responds. The longest of these tests takes a quarter of it.
  testTimeout: 20_000,
  rootDir: root,
  testMatch: globs.map((glob) => glob.replace(/^!?/, `$&${root}/`)),
  testEnvironment: path.join(__dirname, "environment.cjs"),
  runner: path.join(__dirname, "runner.cjs"),
};
