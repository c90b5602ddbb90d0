import type { Awaitable } from "../base/awaitable.js";
import { callback } from "../base/checks.js";
import { resolveOptions } from "../base/options.js";
import type { TotpStore } from "../stores/store.js";
import type { Check } from "./checks/check.js";
import { CHECKS } from "./checks/table.js";
import { STORE_TEST_OPTIONS, type TestConfig, type TotpStoreTestOptions } from "./options.js";
import { createTrial } from "./trial.js";

/**
 * The functions of a test runner. Those of Jest, Vitest, Mocha, and `node:test` work as they are.
 *
 * @example
 * ```ts
 * import { describe, it } from "node:test";
 *
 * const runner: TestRunner = { describe, it };
 * testTotpStore(runner, () => createMemoryStore());
 * ```
 */
export interface TestRunner {
  /** Groups tests. */
  describe(name: string, define: () => void): unknown;
  /** Defines a test. */
  it(name: string, check: () => Promise<void>, timeoutMs?: number): unknown;
}

/** Much longer than any check takes, also on a slow machine. The default of runners is 2 to 5 seconds. */
const TIMEOUT_MS = 60_000;

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
  const { describe, it } = (runner ?? {}) as TestRunner;
  callback("(name, define) => void")("describe", describe);
  callback("(name, check) => void")("it", it);
  callback("() => TotpStore")("createStore", createStore);
  const config = resolveOptions("testTotpStore", STORE_TEST_OPTIONS, options);
  describe("TotpStore", () => {
    for (const { name, run } of CHECKS.filter((check) => applies(check, config))) {
      async function check(this: unknown): Promise<void> {
        allowTime(this);
        await run(await createTrial(createStore, config));
      }
      it(name, check, TIMEOUT_MS);
    }
  });
}

function applies({ needs }: Check, { expires, createUser, readEnabled }: TestConfig): boolean {
  if (needs === "expiry") return expires;
  if (needs === "readEnabled") return readEnabled !== undefined;
  return needs === undefined || createUser === undefined;
}

/** Mocha has no argument for the timeout, only a method of `this`, which is something else in other runners. */
function allowTime(runnerContext: unknown): void {
  const { timeout } = (runnerContext ?? {}) as { timeout?: unknown };
  if (typeof timeout === "function") timeout.call(runnerContext, TIMEOUT_MS);
}
