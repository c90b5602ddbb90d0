import { writeFileSync } from "node:fs";
import { testTwoFactorApp } from "express-totp-setup/testing";
import { BUGS, type Bug } from "../helpers/vulnerable-app/bugs.js";
import { type KnownBy, vulnerableApp } from "../helpers/vulnerable-app/options.js";
import { failuresInOrder, recordTests } from "./recording-runner.js";

function attack(bugs: readonly Bug[], knownBy?: KnownBy) {
  const { checks } = recordTests((runner) =>
    testTwoFactorApp(runner, vulnerableApp(bugs, knownBy)),
  );
  return failuresInOrder(checks);
}

test.each(["cookie", "id"] as const)("sound %s", async (knownBy) => {
  expect(await attack([], knownBy)).toEqual({});
});
const out: Record<string, unknown> = {};
test.each(BUGS)("%s", async (bug) => {
  const a = await attack([bug]);
  const b = await attack([bug], "id");
  out[bug] = {
    a: Object.keys(a),
    b: Object.keys(b).join() === Object.keys(a).join() ? "same" : Object.keys(b),
    says: Object.values(a)[0] ?? Object.values(b)[0],
  };
});
afterAll(() => writeFileSync("/tmp/attack/out.json", JSON.stringify(out, null, 1)));
