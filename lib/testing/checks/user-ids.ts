import { complain, type Probe } from "../probe.js";
import { LOOK_ALIKES, type LookAlikes, ODD_TEXTS } from "../texts.js";
import { randomDigits, type Trial } from "../trial.js";
import type { Check } from "./check.js";

const needs = "unusual user ids" as const;

export const USER_IDS: readonly Check[] = [
  ...LOOK_ALIKES.filter(({ valuesOnly }) => !valuesOnly).map((lookAlikes) => ({
    name: `tells users apart whose ids differ in ${lookAlikes.difference}`,
    needs,
    run: (trial: Trial) => tellsApart(trial, lookAlikes),
  })),
  { name: "takes user ids of any printable characters", needs, run: takesAnyId },
  { name: "takes the user id __proto__", needs, run: takesProto },
];

async function tellsApart({ store }: Trial, { difference, spell }: LookAlikes): Promise<void> {
  const users = spell(randomDigits());
  const complaint = `Two users whose ids differ in ${difference} passed for one. Compare the bytes of ids, not text under a collation or another type.`;
  const values = new Map(users.map((user, index) => [user, `value ${index}`]));
  for (const [user, next] of values) {
    await store.holds(user, undefined, complaint);
    await store.wins({ user, next }, complaint);
  }
  for (const [user, value] of values) await store.holds(user, value, complaint);
  const [first = "", ...others] = users;
  await store.wins({ user: first, expected: values.get(first) }, complaint);
  for (const user of others) await store.holds(user, values.get(user), complaint);
}

async function takesAnyId({ store }: Trial): Promise<void> {
  const complaint = "A user id is an opaque text: bind it as a parameter, do not build it in.";
  for (const text of ODD_TEXTS) {
    const user = text + randomDigits();
    await store.holds(user, undefined, complaint);
    await store.wins({ user, next: "a" }, complaint);
    await store.holds(user, "a", complaint);
    await store.wins({ user, expected: "a" }, complaint);
    await store.holds(user, undefined, complaint);
  }
}

/** The one id that cannot be fresh: what an earlier run left is replaced, and a run beside this one borne. */
async function takesProto({ store }: Trial): Promise<void> {
  const tries = [1, 2, 3, 4, 5];
  for (const _ of tries) if (await setsAndDeletes(store, "__proto__")) return;
  complain(
    "The user id __proto__ reaches what all objects share: use a Map for users, not an object.",
    `${tries.length} times a value was set for it and was not there, or could not be set.`,
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
