import { type TotpStoreTestOptions, testTotpStore } from "express-totp-setup/testing";
import { createFlawedStore } from "./flawed-store.js";
import { record } from "./recording-runner.js";

const createStore = () => createFlawedStore();

test.each<[RegExp, unknown, unknown, unknown]>([
  [/^describe: expected a function/, { it }, createStore, {}],
  [/^it: expected a function/, { describe }, createStore, {}],
  [/^describe: expected a function/, undefined, createStore, {}],
  [/^createStore: expected a function/, { describe, it }, createStore(), {}],
  [/^expire: .+ Did you mean expires\?/, { describe, it }, createStore, { expire: false }],
  [/^expires: expected true or false/, { describe, it }, createStore, { expires: 0 }],
  [/^parallel: expected an integer from 10 to/, { describe, it }, createStore, { parallel: 1 }],
  [/^createUser: expected a function/, { describe, it }, createStore, { createUser: "7" }],
  [/^readEnabled: expected a function/, { describe, it }, createStore, { readEnabled: true }],
  [/^testTotpStore: expected an object of options/, { describe, it }, createStore, null],
])("throws at once: %s", (message, runner, create, options) => {
  const define = testTotpStore as (...args: unknown[]) => void;
  expect(() => define(runner, create, options)).toThrow(message);
});

test("each option can be omitted", () => {
  const given: TotpStoreTestOptions = { expires: undefined, parallel: undefined };
  expect(record(createStore, { ...given, createUser: undefined }).size).toBe(
    record(createStore).size,
  );
});
