import fc from "fast-check";
import { type AttemptPolicy, countFailure, lockedFor } from "../../lib/service/lockout.js";
import { START } from "../helpers/service.js";

const POLICY: AttemptPolicy = { limit: 5, lockSeconds: 900, maxLockSeconds: 86_400 };

function countFailures(count: number, policy = POLICY, now = START) {
  let attempts = countFailure(undefined, policy, now);
  for (let i = 1; i < count; i++) attempts = countFailure(attempts, policy, now);
  return attempts;
}

/** The lengths of the first locks in seconds, where each is followed at once by the next guesses. */
function lockLengths(count: number, policy: AttemptPolicy): number[] {
  const lengths: number[] = [];
  let now = START;
  let attempts = countFailure(undefined, policy, now);
  while (lengths.length < count) {
    const wait = lockedFor(attempts, now);
    if (wait !== undefined) {
      lengths.push(wait);
      now += wait * 1000;
    }
    attempts = countFailure(attempts, policy, now);
  }
  return lengths;
}

test("the wrong code that uses up the budget locks, and none before it", () => {
  for (let count = 1; count < 5; count++) {
    expect(countFailures(count)).toEqual({ failures: count, locks: 0, lockedUntil: 0 });
    expect(lockedFor(countFailures(count), START)).toBeUndefined();
  }
  expect(countFailures(5)).toEqual({ failures: 0, locks: 1, lockedUntil: START + 900_000 });
});

test("a limit of one locks upon the first wrong code", () => {
  expect(lockedFor(countFailures(1, { ...POLICY, limit: 1 }), START)).toBe(900);
});

test("a limit that was lowered below the failures so far locks upon the next", () => {
  const attempts = countFailures(4);
  expect(lockedFor(countFailure(attempts, { ...POLICY, limit: 2 }, START), START)).toBe(900);
});

test("every lock is twice as long as the one before, up to the longest", () => {
  const doubling = [900, 1800, 3600, 7200, 14_400, 28_800, 57_600, 86_400, 86_400, 86_400];
  expect(lockLengths(10, POLICY)).toEqual(doubling);
  expect(lockLengths(3, { limit: 1, lockSeconds: 7, maxLockSeconds: 7 })).toEqual([7, 7, 7]);
});

test("after thousands of locks the length is still the longest, not endless or none", () => {
  for (const locks of [1000, 5000, Number.MAX_SAFE_INTEGER]) {
    const attempts = countFailure({ failures: 4, locks, lockedUntil: 0 }, POLICY, START);
    expect(lockedFor(attempts, START)).toBe(86_400);
  }
});

test("a lock ends at its moment, and is told in whole seconds that are never too few", () => {
  const attempts = countFailures(5);
  expect(lockedFor(attempts, START + 1)).toBe(900);
  expect(lockedFor(attempts, START + 1000)).toBe(899);
  expect(lockedFor(attempts, START + 899_999)).toBe(1);
  expect(lockedFor(attempts, START + 900_000)).toBeUndefined();
  expect(lockedFor(undefined, START)).toBeUndefined();
});

test("whatever the policy, no more wrong codes than its limit are counted between two locks", () => {
  const anyPolicy = fc
    .record({
      limit: fc.integer({ min: 1, max: 100 }),
      lockSeconds: fc.integer({ min: 1, max: 31_536_000 }),
    })
    .chain((policy) =>
      fc
        .integer({ min: policy.lockSeconds, max: 31_536_000 })
        .map((maxLockSeconds) => ({ ...policy, maxLockSeconds })),
    );
  fc.assert(
    fc.property(anyPolicy, fc.integer({ min: 1, max: 300 }), (policy, count) => {
      let attempts = countFailure(undefined, policy, START);
      let sinceLock = 1;
      for (let i = 0; i < count; i++) {
        const wait = lockedFor(attempts, START);
        if (wait !== undefined) {
          expect(sinceLock).toBe(policy.limit);
          expect(wait).toBeLessThanOrEqual(policy.maxLockSeconds);
          expect(wait).toBeGreaterThanOrEqual(policy.lockSeconds);
          return;
        }
        expect(sinceLock).toBeLessThan(policy.limit);
        attempts = countFailure(attempts, policy, START);
        sinceLock++;
      }
    }),
  );
});
