import fc from "fast-check";
import { clearWrongCodes, countWrongCode, lockEnd } from "../../../lib/service/machine/lockout.js";
import type { Lockout } from "../../../lib/service/machine/state.js";
import { START } from "../../helpers/service.js";

const LOCK_MS = 15 * 60_000;
const WEEK_MS = 7 * 24 * 60 * 60_000;
/** 20 wrong codes a week. */
const INTERVAL_MS = WEEK_MS / 20;

function countWrongCodes(count: number, before?: Lockout, now = START): Lockout {
  let lockout = countWrongCode(before, now);
  for (let i = 1; i < count; i++) lockout = countWrongCode(lockout, now);
  return lockout;
}

test("the fifth wrong code locks, and none before it", () => {
  for (let count = 1; count < 5; count++) {
    expect(countWrongCodes(count)).toEqual({
      wrongCodes: count,
      lockedUntil: 0,
      allowanceUsedUntil: START + count * INTERVAL_MS,
      reportedAt: 0,
    });
    expect(lockEnd(countWrongCodes(count), START)).toBeUndefined();
  }
  expect(lockEnd(countWrongCodes(5), START)).toBe(START + 900_000);
});

test("a lock ends to the millisecond", () => {
  const lockout = countWrongCodes(5);
  expect(lockEnd(lockout, START + 899_999)).toBe(START + 900_000);
  expect(lockEnd(lockout, START + 900_000)).toBeUndefined();
  expect(lockEnd(undefined, START)).toBeUndefined();
});

test("after a lock there are five more before the next", () => {
  const later = START + 900_000;
  const nine = countWrongCodes(4, countWrongCodes(5), later);
  expect(nine.wrongCodes).toBe(9);
  expect(lockEnd(nine, later)).toBeUndefined();
  expect(lockEnd(countWrongCode(nine, later), later)).toBe(later + 900_000);
});

test("an accepted code clears the count and leaves the allowance used", () => {
  const lockout = countWrongCodes(4);
  expect(clearWrongCodes(lockout, START)).toEqual({
    wrongCodes: 0,
    lockedUntil: 0,
    allowanceUsedUntil: lockout.allowanceUsedUntil,
    reportedAt: 0,
  });
  expect(clearWrongCodes(lockout, lockout.allowanceUsedUntil - 1)).toBeDefined();
  expect(clearWrongCodes(lockout, lockout.allowanceUsedUntil)).toBeUndefined();
  expect(clearWrongCodes(undefined, START)).toBeUndefined();
});

test("the 20th wrong code within a moment locks until one is forgiven, cleared or not", () => {
  let lockout: Lockout | undefined;
  for (let count = 1; count <= 20; count++) {
    expect(lockEnd(lockout, START)).toBeUndefined();
    lockout = clearWrongCodes(countWrongCode(lockout, START), START);
  }
  expect(lockEnd(lockout, START)).toBe(START + INTERVAL_MS);
  expect(lockEnd(lockout, START + INTERVAL_MS)).toBeUndefined();
  // That one is wrong again: the next is looked at after as long a time.
  const again = countWrongCode(lockout, START + INTERVAL_MS);
  expect(lockEnd(again, START + INTERVAL_MS)).toBe(START + 2 * INTERVAL_MS);
});

test("the allowance is full again a week after the last wrong code, and no fuller", () => {
  const lockout = clearWrongCodes(countWrongCodes(20), START) as Lockout;
  const inAYear = START + 52 * WEEK_MS;
  for (const now of [START + WEEK_MS, inAYear]) {
    const four = countWrongCodes(4, lockout, now);
    const nineteen = countWrongCodes(15, clearWrongCodes(four, now), now);
    expect(lockEnd({ ...nineteen, lockedUntil: 0 }, now)).toBeUndefined();
    const twenty = countWrongCode(nineteen, now);
    expect(lockEnd({ ...twenty, lockedUntil: 0 }, now)).toBe(now + INTERVAL_MS);
  }
});

test("no code changes when a refusal was last reported", () => {
  const reported = { ...countWrongCodes(4), reportedAt: START };
  expect(countWrongCode(reported, START).reportedAt).toBe(START);
  expect(clearWrongCodes(reported, START)?.reportedAt).toBe(START);
});

test("no week has more than 39 wrong codes, whatever comes when, and no lock outlasts one interval", () => {
  const steps = fc.array(
    fc.record({ wait: fc.integer({ min: 0, max: WEEK_MS / 4 }), accepts: fc.boolean() }),
    { minLength: 50, maxLength: 200 },
  );
  fc.assert(
    fc.property(steps, (all) => {
      let lockout: Lockout | undefined;
      let now = START;
      let inARow = 0;
      const counted: number[] = [];
      for (const { wait, accepts } of all) {
        now += wait % 3 === 0 ? wait : wait % 1000;
        const end = lockEnd(lockout, now);
        if (end !== undefined) {
          expect(end - now).toBeLessThanOrEqual(Math.max(LOCK_MS, INTERVAL_MS));
          continue;
        }
        if (accepts) {
          lockout = clearWrongCodes(lockout, now);
          inARow = 0;
        } else {
          lockout = countWrongCode(lockout, now);
          inARow++;
          counted.push(now);
          expect(lockEnd(lockout, now) !== undefined || inARow % 5 !== 0).toBe(true);
        }
        // A full allowance, and what is forgiven within the week.
        expect(counted.filter((time) => time > now - WEEK_MS).length).toBeLessThanOrEqual(39);
      }
    }),
  );
});
