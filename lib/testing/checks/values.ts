import { CONTROL_CHARACTERS, LOOK_ALIKES, type LookAlikes, ODD_TEXTS } from "../texts.js";
import { randomDigits, type Trial } from "../trial.js";
import type { Check } from "./check.js";

export const VALUES: readonly Check[] = [
  ...LOOK_ALIKES.map((lookAlikes) => ({
    name: `tells values apart that differ in ${lookAlikes.difference}`,
    run: (trial: Trial) => tellsApart(trial, lookAlikes),
  })),
  { name: "gives every value back as it was set", run: givesBackUnchanged },
];

async function tellsApart(
  { store, newUser }: Trial,
  { difference, spell }: LookAlikes,
): Promise<void> {
  const spellings = spell(randomDigits());
  for (const value of spellings) {
    const user = await newUser();
    await store.wins({ user, next: value }, `Values that differ in ${difference} must be kept.`);
    await store.holds(user, value, `Values that differ in ${difference} must come back unchanged.`);
    const complaint = `Two values that differ in ${difference} passed for equal. Compare bytes, not text under a collation or another type.`;
    for (const expected of spellings.filter((other) => other !== value)) {
      await store.refuses({ user, expected, next: "x" }, complaint);
    }
    const unequal = `A value is refused as not equal to itself where values may differ in ${difference}.`;
    await store.wins({ user, expected: value, next: "x" }, unequal);
  }
}

async function givesBackUnchanged({ store, newUser }: Trial): Promise<void> {
  const user = await newUser();
  const complaint = "A value is an opaque text: it must be kept and given back to the character.";
  let expected: string | undefined;
  for (const value of [...ODD_TEXTS, CONTROL_CHARACTERS]) {
    await store.wins({ user, expected, next: value }, complaint);
    await store.holds(user, value, complaint);
    expected = value;
  }
}
