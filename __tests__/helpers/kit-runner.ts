import { createMemoryStore } from "express-totp-setup";
import { type TestRunner, testTotpStore } from "express-totp-setup/testing";

/** Far more than a check needs. */
const TIMEOUT_MS = 60_000;

type Checks = Map<string, () => Promise<void>>;

/** Names of the checks that wait until a value has expired. */
const WAITING = namesOf({ expires: true });
for (const name of namesOf({ expires: false })) WAITING.delete(name);

let waiting: Checks | undefined;

/**
 * Jest as the runner of `testTotpStore`. Checks that wait for an expiry run at the same time, before the
 * others, so that a store is waited for once.
 */
export const kitRunner: TestRunner = {
  describe(name, define) {
    describe(name, () => {
      const checks: Checks = new Map();
      waiting = checks;
      define();
      waiting = undefined;
      runAtOnce(checks);
    });
  },
  it(name, check, timeoutMs) {
    if (waiting && WAITING.has(name)) waiting.set(name, check);
    else it(name, check, timeoutMs);
  },
};

function runAtOnce(checks: Checks): void {
  const outcomes = new Map<string, PromiseSettledResult<void>>();

  beforeAll(async () => {
    const run = async ([name, check]: [string, () => Promise<void>]) => {
      const [outcome] = await Promise.allSettled([check()]);
      outcomes.set(name, outcome);
    };
    await Promise.all([...checks].map(run));
  }, TIMEOUT_MS);

  for (const name of checks.keys()) {
    it(name, () => {
      const outcome = outcomes.get(name);
      if (outcome?.status !== "fulfilled") throw outcome?.reason ?? new Error("did not run");
    });
  }
}

function namesOf(options: { expires: boolean }): Set<string> {
  const names = new Set<string>();
  const runner: TestRunner = {
    describe: (_, define) => define(),
    it: (name) => names.add(name),
  };
  testTotpStore(runner, () => createMemoryStore(), options);
  return names;
}
