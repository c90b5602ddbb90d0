import type { Awaitable } from "../base/awaitable.js";
import { callback } from "../base/checks.js";
import { resolveOptions } from "../base/options.js";
import type { TotpStore } from "../stores/store.js";
import type { Check } from "./checks/check.js";
import { CHECKS } from "./checks/table.js";
import { STORE_TEST_OPTIONS, type TestConfig, type TotpStoreTestOptions } from "./options.js";
import { createTrial } from "./trial.js";

/** What is needed of a test runner. Those of Jest, Vitest, Mocha and `node:test` fit as they are. */
export interface TestRunner {
  describe(name: string, define: () => void): unknown;
  it(name: string, check: () => Promise<void>, timeoutMs?: number): unknown;
}

/** Far more than any check needs, so that a slow machine fails none; runners stop at 2 to 5 seconds. */
const TIMEOUT_MS = 60_000;

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

/** Mocha takes no timeout as an argument, but through `this`, which elsewhere is another thing or nothing. */
function allowTime(runnerContext: unknown): void {
  const { timeout } = (runnerContext ?? {}) as { timeout?: unknown };
  if (typeof timeout === "function") timeout.call(runnerContext, TIMEOUT_MS);
}
