// The attack kit itself is tested by an app that has one bug at a time: every attack must find one, and no other
// may fail for it.
import { testTwoFactorApp } from "express-totp-setup/testing";
import { BUGS, type Bug } from "../helpers/vulnerable-app/bugs.js";
import { type KnownBy, vulnerableApp } from "../helpers/vulnerable-app/options.js";
import { APP_FAULTS } from "./app-faults.js";
import { failuresInOrder, recordTests } from "./recording-runner.js";

const attacksOn = (bugs: readonly Bug[], knownBy?: KnownBy) =>
  recordTests((runner) => testTwoFactorApp(runner, vulnerableApp(bugs, knownBy))).checks;

test.each(["cookie", "id"] as const)("a sound app passes, with logins by %s", async (knownBy) => {
  expect(await failuresInOrder(attacksOn([], knownBy))).toEqual({});
});

test.each(APP_FAULTS)("finds an app that $bug", async (fault) => {
  const { bug, knownBy, fails, amongOthers, says } = fault;
  const failures = await failuresInOrder(attacksOn([bug], knownBy));
  const names = Object.keys(failures).sort();
  const expected = [...fails].sort();
  expect(names).toEqual(amongOthers ? expect.arrayContaining(expected) : expected);
  const first = Object.entries(failures).find(([name]) => fails.includes(name));
  expect(first?.[1]).toMatch(says);
});

test("every bug is looked for, and every attack finds one", () => {
  expect([...new Set(APP_FAULTS.map(({ bug }) => bug))].sort()).toEqual([...BUGS].sort());
  const found = new Set(APP_FAULTS.flatMap(({ fails }) => fails));
  expect([...attacksOn([]).keys()].filter((name) => !found.has(name))).toEqual([]);
});
