const quick = require("./jest.config.cjs");

// Properties are tried more often; the processes of the test files inherit it.
process.env.TEST_ALL = "1";

/** @type {import("jest").Config} */
module.exports = {
  ...quick,
  testPathIgnorePatterns: ["/node_modules/"],
  // With --coverage. V8's own coverage takes twice as long here.
  coverageProvider: "babel",
  collectCoverageFrom: ["lib/**/*.ts"],
  coverageReporters: ["text-summary", ["text", { skipFull: true }]],
  coverageThreshold: { global: { lines: 100, branches: 100 } },
};
