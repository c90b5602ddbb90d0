// The chances in docs/security.md are those that the machine itself gives.
import { readFileSync } from "node:fs";
import path from "node:path";
import { createMemoryStore, createTotpService } from "express-totp-setup";
import { type Attack, chanceOf, guessesInAYear } from "../helpers/guessing.js";
import { readTable } from "../helpers/snippets-tables.js";

const document = readFileSync(path.join(__dirname, "../../docs/security.md"), "utf8");
const { window, parameters } = createTotpService({ store: createMemoryStore() }).config;
const defaults: Attack = { window, digits: parameters.digits, signIns: 0 };
const rows = readTable(document, ["What is changed", "Chance in a year"]);

/** `digits: 8, window: 2` is a change; what has no name in front is the default itself. */
function readChange(text: string): Partial<Attack> {
  const pairs = [...text.matchAll(/(\w+): (\d+)/g)].map(([, name, value]) => [name, Number(value)]);
  return Object.fromEntries(pairs);
}

function chanceInAYear(attack: Attack): number {
  return chanceOf(guessesInAYear(attack), attack);
}

test("the default policy keeps a year of guessing below one percent", () => {
  expect(chanceInAYear(defaults)).toBeLessThan(0.01);
  expect(chanceInAYear(defaults)).toBeGreaterThan(0.001);
});

test("the table has the default and each option that changes the chance", () => {
  expect(rows.map(([change = ""]) => change)).toContain("nothing");
  const changed = new Set(rows.flatMap(([change = ""]) => Object.keys(readChange(change))));
  expect([...changed].sort()).toEqual(Object.keys(defaults).sort());
});

test.each(rows)("%s: %s", (change = "", chance = "") => {
  const attack = { ...defaults, ...readChange(change) };
  expect(`${(100 * chanceInAYear(attack)).toPrecision(2)} %`).toBe(chance);
});
