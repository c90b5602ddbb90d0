import { CONTROL_CHARACTERS, LOOK_ALIKES, type LookAlikes, ODD_TEXTS } from "../texts.js";
import { randomDigits, type Trial } from "../trial.js";
import type { Check } from "./check.js";

export const VALUES: readonly Check[] = [
  ...LOOK_ALIKES.map((lookAlikes) => ({
    name: `distinguishes values that differ in ${lookAlikes.difference}`,
    run: (trial: Trial) => distinguishes(trial, lookAlikes),
  })),
  { name: "returns every value unchanged", run: returnsUnchanged },
];

async function distinguishes(
  { store, newUser }: Trial,
  { difference, spell }: LookAlikes,
): Promise<void> {
  const spellings = spell(randomDigits());
  for (const value of spellings) {
    const user = await newUser();
    await store.wins({ user, next: value }, `Values that differ in ${difference} must be stored.`);
    await store.holds(
      user,
      value,
      `Values that differ in ${difference} must be returned unchanged.`,
    );
    const complaint = `Two values that differ in ${difference} were treated as equal. Compare bytes, not text with a collation or another type.`;
    for (const expected of spellings.filter((other) => other !== value)) {
      await store.refuses({ user, expected, next: "x" }, complaint);
    }
    const unequal = `A value must be equal to itself, also if it contains ${difference}.`;
    await store.wins({ user, expected: value, next: "x" }, unequal);
  }
}

async function returnsUnchanged({ store, newUser }: Trial): Promise<void> {
  const user = await newUser();
  const complaint = "A value is an opaque text: it must be stored and returned unchanged.";
  let expected: string | undefined;
  for (const value of [...ODD_TEXTS, CONTROL_CHARACTERS]) {
    await store.wins({ user, expected, next: value }, complaint);
    await store.holds(user, value, complaint);
    expected = value;
  }
}
