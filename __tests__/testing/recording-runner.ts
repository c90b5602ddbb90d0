import type { TotpStore } from "express-totp-setup";
import { type TotpStoreTestOptions, testTotpStore } from "express-totp-setup/testing";

type CreateStore = () => TotpStore | Promise<TotpStore>;

/** What `testTotpStore` hands to a runner. */
export function record(createStore: CreateStore, options?: TotpStoreTestOptions) {
  const checks = new Map<string, () => Promise<void>>();
  const describe = (_: string, define: () => void) => define();
  const it = (name: string, check: () => Promise<void>) => {
    if (checks.has(name)) throw new Error(`two checks are named ${name}`);
    checks.set(name, check);
  };
  testTotpStore({ describe, it }, createStore, options);
  return checks;
}

/** Runs every check, all at once, and gives the message of each that failed by its name. */
export async function failuresOf(
  createStore: CreateStore,
  options?: TotpStoreTestOptions,
): Promise<Record<string, string>> {
  const failures: [string, string][] = [];
  const run = async ([name, check]: [string, () => Promise<void>]) => {
    try {
      await check();
    } catch (error) {
      failures.push([name, (error as Error).message]);
    }
  };
  const checks = [...record(createStore, options)];
  await Promise.all(checks.map(run));
  const order = checks.map(([name]) => name);
  return Object.fromEntries(failures.sort(([a], [b]) => order.indexOf(a) - order.indexOf(b)));
}
