import { callback } from "../base/checks.js";

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

/** A test that is defined with a runner. */
export interface KitTest {
  name: string;
  /** Omitted if the test must be skipped. */
  run?: (() => Promise<void>) | undefined;
}

/** Long enough for a slow machine. The default of runners is 2 to 5 seconds. */
const TIMEOUT_MS = 60_000;

/** @throws {@link TotpConfigError} if it is not a test runner. */
export function checkRunner(runner: unknown): TestRunner {
  const { describe, it } = (runner ?? {}) as TestRunner;
  callback("(name, define) => void")("describe", describe);
  callback("(name, check) => void")("it", it);
  return { describe, it };
}

export function defineTests({ describe, it }: TestRunner, name: string, tests: KitTest[]): void {
  describe(name, () => {
    for (const { name, run } of tests) {
      if (!run) {
        skip(it, name);
        continue;
      }
      async function check(this: unknown): Promise<void> {
        allowTime(this);
        await run?.();
      }
      it(name, check, TIMEOUT_MS);
    }
  });
}

/** The four runners have `it.skip`. In others, the test passes, and only its name says that it was skipped. */
function skip(it: TestRunner["it"], name: string): void {
  const { skip } = it as { skip?: unknown };
  const define = typeof skip === "function" ? skip : it;
  define.call(it, name, async () => {});
}

/** Mocha accepts a timeout only through `this`, which is something else in other runners. */
function allowTime(runnerContext: unknown): void {
  const { timeout } = (runnerContext ?? {}) as { timeout?: unknown };
  if (typeof timeout === "function") timeout.call(runnerContext, TIMEOUT_MS);
}
