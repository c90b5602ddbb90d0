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
 * Defines the tests that a {@link TotpStore} has to pass. What the library promises of codes, backup codes
 * and attempts holds in parallel and across processes over every store that passes them.
 *
 * @param createStore Called for each check; it may hand back the same store every time, since the checks
 *   use fresh random user ids. Where its stores are several over one engine, they race each other.
 * @throws {@link TotpConfigError} where an argument is unusable.
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
