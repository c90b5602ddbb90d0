import type { TotpStore } from "express-totp-setup";
import {
  type TestRunner,
  type TotpStoreTestOptions,
  testTotpStore,
} from "express-totp-setup/testing";

type CreateStore = () => TotpStore | Promise<TotpStore>;
type Checks = Map<string, () => Promise<void>>;

/** Records the tests that a kit defines. */
export function recordTests(define: (runner: TestRunner) => void): {
  checks: Checks;
  skipped: string[];
} {
  const checks: Checks = new Map();
  const skipped: string[] = [];
  const describe = (_: string, defineAll: () => void) => defineAll();
  const it = (name: string, check: () => Promise<void>) => {
    if (checks.has(name)) throw new Error(`two checks are named ${name}`);
    checks.set(name, check);
  };
  const skip = (name: string) => skipped.push(name);
  define({ describe, it: Object.assign(it, { skip }) });
  return { checks, skipped };
}

/** Records the tests that `testTotpStore` defines. */
export function record(createStore: CreateStore, options?: TotpStoreTestOptions): Checks {
  return recordTests((runner) => testTotpStore(runner, createStore, options)).checks;
}

/** Runs all checks in parallel, and returns the messages of those that failed by their names. */
export async function failuresOf(
  createStore: CreateStore,
  options?: TotpStoreTestOptions,
): Promise<Record<string, string>> {
  const failures: [string, string][] = [];
  const checks = record(createStore, options);
  const run = async ([name, check]: [string, () => Promise<void>]) => {
    const message = await messageOf(check);
    if (message !== undefined) failures.push([name, message]);
  };
  await Promise.all([...checks].map(run));
  const order = [...checks.keys()];
  return Object.fromEntries(failures.sort(([a], [b]) => order.indexOf(a) - order.indexOf(b)));
}

/** Runs all checks one after the other, because they share a clock. */
export async function failuresInOrder(checks: Checks): Promise<Record<string, string>> {
  const failures: [string, string][] = [];
  for (const [name, check] of checks) {
    const message = await messageOf(check);
    if (message !== undefined) failures.push([name, message]);
  }
  return Object.fromEntries(failures);
}

async function messageOf(check: () => Promise<void>): Promise<string | undefined> {
  try {
    await check();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
