import { complain, type Probe } from "../probe.js";
import { LOOK_ALIKES, type LookAlikes, ODD_TEXTS } from "../texts.js";
import { randomDigits, type Trial } from "../trial.js";
import type { Check } from "./check.js";

const needs = "unusual user ids" as const;

export const USER_IDS: readonly Check[] = [
  ...LOOK_ALIKES.filter(({ valuesOnly }) => !valuesOnly).map((lookAlikes) => ({
    name: `distinguishes users whose ids differ in ${lookAlikes.difference}`,
    needs,
    run: (trial: Trial) => distinguishes(trial, lookAlikes),
  })),
  { name: "accepts user ids with any printable characters", needs, run: acceptsAnyId },
  { name: "accepts the user id __proto__", needs, run: acceptsProto },
];

async function distinguishes({ store }: Trial, { difference, spell }: LookAlikes): Promise<void> {
  const users = spell(randomDigits());
  const complaint = `Two users whose ids differ in ${difference} were treated as one. Compare the bytes of ids, not text with a collation or another type.`;
  const values = new Map(users.map((user, index) => [user, `value ${index}`]));
  for (const [user, next] of values) {
    await store.holds(user, undefined, complaint);
    await store.wins({ user, next }, complaint);
  }
  for (const [user, value] of values) await store.holds(user, value, complaint);
  const [first, ...others] = users as [string, ...string[]];
  await store.wins({ user: first, expected: values.get(first) }, complaint);
  for (const user of others) await store.holds(user, values.get(user), complaint);
}

async function acceptsAnyId({ store }: Trial): Promise<void> {
  const complaint =
    "A user id is an opaque text: bind it as a parameter, and do not concatenate it into a statement.";
  for (const text of ODD_TEXTS) {
    const user = text + randomDigits();
    await store.holds(user, undefined, complaint);
    await store.wins({ user, next: "a" }, complaint);
    await store.holds(user, "a", complaint);
    await store.wins({ user, expected: "a" }, complaint);
    await store.holds(user, undefined, complaint);
  }
}

/** This id is the same in each run, so it replaces what an earlier run left, and tolerates a concurrent run. */
async function acceptsProto({ store }: Trial): Promise<void> {
  const tries = [1, 2, 3, 4, 5];
  for (const _ of tries) if (await setsAndDeletes(store, "__proto__")) return;
  complain(
    "The user id __proto__ is a property of every object: use a Map for users, not an object.",
    `${tries.length} times, a value could not be set for it, or was missing after it was set.`,
  );
}

async function setsAndDeletes(store: Probe, user: string): Promise<boolean> {
  const left = await store.read(user);
  if (left !== undefined && typeof left !== "string") return false;
  const next = randomDigits();
  const isSet = await store.write({ user, expected: left, next });
  if (!isSet || (await store.read(user)) !== next) return false;
  return Boolean(await store.write({ user, expected: next }));
}
