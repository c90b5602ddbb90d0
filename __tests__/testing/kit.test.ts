// The kit for stores is tested with stores that have one fault each: the right checks must fail, and no others.
import { setImmediate } from "node:timers/promises";
import { BASIC_FAULTS } from "./faults/basics.js";
import { BLUR_FAULTS } from "./faults/blurs.js";
import { DELETION_FAULTS } from "./faults/deletions.js";
import { EXPIRY_FAULTS } from "./faults/expiry.js";
import type { Fault } from "./faults/fault.js";
import { RACE_FAULTS } from "./faults/races.js";
import { RENEWED_EXPIRY_FAULTS } from "./faults/renewed-expiry.js";
import { TEXT_FAULTS } from "./faults/texts.js";
import { createFlawedStore } from "./flawed-store.js";
import { failuresOf, record } from "./recording-runner.js";

const QUICK_FAULTS = [
  ...BASIC_FAULTS,
  ...DELETION_FAULTS,
  ...BLUR_FAULTS,
  ...TEXT_FAULTS,
  ...RACE_FAULTS,
];
const SLOW_FAULTS = [...EXPIRY_FAULTS, ...RENEWED_EXPIRY_FAULTS];

test("a correct store passes every check", async () => {
  expect(await failuresOf(() => createFlawedStore())).toEqual({});
});

test.each(QUICK_FAULTS)("finds: $fault", async (fault) => {
  expectFailures(fault, await failuresOf(fault.build(), { expires: false }));
});

describe("stores that remove expired values", () => {
  const found = new Map<Fault, Record<string, string>>();

  // In parallel, because each takes seconds. Each starts when the previous one waits, so that no check is late
  // because the processor is busy.
  beforeAll(async () => {
    const searches: Promise<unknown>[] = [];
    for (const fault of SLOW_FAULTS) {
      const search = failuresOf(fault.build(), { parallel: 10 });
      searches.push(search.then((failures) => found.set(fault, failures)));
      await setImmediate();
    }
    await Promise.all(searches);
  }, 60_000);

  test.each(SLOW_FAULTS)("finds: $fault", (fault) => {
    expectFailures(fault, found.get(fault) ?? {});
  });
});

test("every check finds a fault", () => {
  const checks = [...record(() => createFlawedStore()).keys()];
  expect(
    [...new Set([...QUICK_FAULTS, ...SLOW_FAULTS].flatMap(({ fails }) => fails))].sort(),
  ).toEqual(checks.sort());
});

function expectFailures(fault: Fault, failures: Record<string, string>): void {
  const { fails, amongOthers, says } = fault;
  const names = Object.keys(failures);
  expect(names).toEqual(amongOthers ? expect.arrayContaining([...fails]) : fails);
  expect(failures[String(fails[0])]).toMatch(says);
}
