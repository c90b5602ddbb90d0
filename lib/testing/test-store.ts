import type { Awaitable } from "../base/awaitable.js";
import { callback } from "../base/checks.js";
import { resolveOptions } from "../base/options.js";
import type { TotpStore } from "../stores/store.js";
import type { Check } from "./checks/check.js";
import { CHECKS } from "./checks/table.js";
import { STORE_TEST_OPTIONS, type TestConfig, type TotpStoreTestOptions } from "./options.js";
import { checkRunner, defineTests, type TestRunner } from "./runner.js";
import { createTrial } from "./trial.js";

/**
 * Defines the tests that a {@link TotpStore} must pass. With a store that passes them, the guarantees of the library
 * also hold for concurrent calls and several processes.
 *
 * @param runner - `describe` and `it` of your test runner.
 * @param createStore - Called for each check. It can return the same store every time, because the checks use random
 *   user ids. If it returns several stores over one engine, they race each other.
 * @throws `TotpConfigError` if an argument is invalid.
 * @example
 * ```ts
 * import { describe, it } from "node:test";
 * import { createMemoryStore } from "express-totp-setup";
 * import { testTotpStore } from "express-totp-setup/testing";
 *
 * testTotpStore({ describe, it }, () => createMemoryStore());
 * ```
 */
export function testTotpStore(
  runner: TestRunner,
  createStore: () => Awaitable<TotpStore>,
  options: TotpStoreTestOptions = {},
): void {
  const checked = checkRunner(runner);
  callback("() => TotpStore")("createStore", createStore);
  const config = resolveOptions("testTotpStore", STORE_TEST_OPTIONS, options);
  const tests = CHECKS.filter((check) => applies(check, config)).map(({ name, run }) => ({
    name,
    run: async () => run(await createTrial(createStore, config)),
  }));
  defineTests(checked, "TotpStore", tests);
}

function applies({ needs }: Check, { expires, createUser, readEnabled }: TestConfig): boolean {
  if (needs === "expiry") return expires;
  if (needs === "readEnabled") return readEnabled !== undefined;
  return needs === undefined || createUser === undefined;
}
