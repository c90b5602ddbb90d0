// The attack kit is tested with an app that has one bug at a time: the right tests must fail, and no others.
import { testTwoFactorApp } from "express-totp-setup/testing";
import { BUGS, type Bug } from "../helpers/vulnerable-app/bugs.js";
import { type KnownBy, vulnerableApp } from "../helpers/vulnerable-app/options.js";
import { APP_FAULTS } from "./app-faults.js";
import { failuresInOrder, recordTests } from "./recording-runner.js";

const attacksOn = (bugs: readonly Bug[], knownBy?: KnownBy) =>
  recordTests((runner) => testTwoFactorApp(runner, vulnerableApp(bugs, knownBy))).checks;

/** Messages of the tests that failed, and of those that were therefore not tried. */
async function outcomesOf(checks: ReturnType<typeof attacksOn>) {
  const all = Object.entries(await failuresInOrder(checks));
  const isTried = ([, message]: [string, string]) => !message.startsWith("Not tried");
  return {
    failed: new Map(all.filter(isTried)),
    notTried: new Map(all.filter((each) => !isTried(each))),
  };
}

test.each(["cookie", "id"] as const)("a correct app passes, with logins by %s", async (knownBy) => {
  expect(await failuresInOrder(attacksOn([], knownBy))).toEqual({});
});

test.each(APP_FAULTS)("finds an app that $bug", async ({ bug, knownBy, fails, says }) => {
  const { failed, notTried } = await outcomesOf(attacksOn([bug], knownBy));
  expect([...failed].filter(([name]) => !fails.includes(name))).toEqual([]);
  expect([...failed.keys()].sort()).toEqual([...fails].sort());
  expect([...failed.values()][0]).toMatch(says);
  for (const [name, message] of notTried) {
    const [, cause = ""] =
      /^Not tried, because "(.+)" failed\. Fix that first\.$/.exec(message) ?? [];
    expect([name, fails]).toEqual([name, expect.arrayContaining([cause])]);
  }
});

test("if correct codes are refused, no other test is tried, and all fail", async () => {
  const { failed, notTried } = await outcomesOf(attacksOn(["refuses right codes"]));
  expect([...failed.keys()]).toEqual(["sign-in: a correct code is accepted"]);
  expect(notTried.size).toBe(attacksOn([]).size - 1);
});

test("a test that runs alone also fails if it cannot be tried", async () => {
  const alone = attacksOn(["accepts any code"]).get("sign-in: a list of codes is refused");
  await expect(alone?.()).rejects.toThrow(
    'Not tried, because "sign-in: a wrong code is refused" failed. Fix that first.',
  );
});

test("every bug is tested, and every test finds one", () => {
  expect([...new Set(APP_FAULTS.map(({ bug }) => bug))].sort()).toEqual([...BUGS].sort());
  const found = new Set(APP_FAULTS.flatMap(({ fails }) => fails));
  expect([...attacksOn([]).keys()].filter((name) => !found.has(name))).toEqual([]);
});
