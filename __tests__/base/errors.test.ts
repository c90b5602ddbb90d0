import { TotpCallbackError, TotpConfigError, TotpTimeoutError } from "../../lib/base/errors.js";
import { seeErrors } from "../helpers/see-errors.js";

const expectation = { expected: "a function", got: "5 (number)" };

test.each([
  ["TotpConfigError", new TotpConfigError("INVALID_OPTION", "now", expectation), TypeError],
  ["TotpCallbackError", new TotpCallbackError("authenticate", expectation), Error],
  ["TotpTimeoutError", new TotpTimeoutError("authenticate", 10), Error],
] as const)("%s is an error with its own name, also in its stack", (name, error, parent) => {
  expect(error).toBeInstanceOf(parent);
  expect(error.name).toBe(name);
  expect(error.stack).toMatch(new RegExp(`^${name}: ${error.message.slice(0, 10)}`));
});

test("a message without a fix ends after what was given", () => {
  expect(new TotpConfigError("INVALID_OPTION", "now", expectation)).toMatchObject({
    message: `now: expected a function, got 5 (number).${seeErrors()}`,
    fix: undefined,
  });
});

test("no error of a callback carries a status to the client, but the timeout's", () => {
  expect(new TotpCallbackError("authenticate", expectation)).not.toHaveProperty("status");
  expect(new TotpTimeoutError("authenticate", 10)).toMatchObject({ status: 503, expose: false });
});
