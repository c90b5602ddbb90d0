const { TestEnvironment } = require("jest-environment-node");

/** Leaves out the rest of a file once a test of it has failed: the mutant is killed. */
module.exports = class extends TestEnvironment {
  hasFailed = false;

  /** @param {import("@jest/types").Circus.Event} event */
  handleTestEvent(event) {
    if (process.env.__STRYKER_ACTIVE_MUTANT__ === undefined) return;
    if (event.name === "test_done" && event.test.errors.length > 0) this.hasFailed = true;
    if (event.name === "test_start" && this.hasFailed) event.test.mode = "skip";
  }
};
