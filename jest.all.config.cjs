const quick = require("./jest.config.cjs");

// Properties are tried more often; the processes of the test files inherit it.
process.env.TEST_ALL = "1";

/** @type {import("jest").Config} */
module.exports = {
  ...quick,
  testPathIgnorePatterns: ["/node_modules/"],
};
