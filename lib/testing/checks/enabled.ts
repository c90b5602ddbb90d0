import type { Trial } from "../trial.js";
import type { Check } from "./check.js";

const needs = "readEnabled";

/** For a store that mirrors `isEnabled` in a column. */
export const ENABLED: readonly Check[] = [
  { name: "says of a new user that TOTP is off", needs, run: newUserIsOff },
  { name: "says who has TOTP on, as each write does", needs, run: followsWrites },
  { name: "says so when a write leaves the value as it is", needs, run: followsSameValue },
  { name: "says nothing new when a write is refused", needs, run: ignoresRefused },
  { name: "says after a deletion that TOTP is off", needs, run: offAfterDeletion },
];

const IN_STEP = "The column must say what the isEnabled of the last write says.";
const on = { isEnabled: true };
const off = { isEnabled: false };

async function newUserIsOff({ newUser, saysEnabled }: Trial): Promise<void> {
  await saysEnabled(await newUser(), false, "A user for whom nothing was set has TOTP off.");
}

async function followsWrites({ store, newUser, saysEnabled }: Trial): Promise<void> {
  const user = await newUser();
  await store.wins({ user, next: "a", options: on }, "A value must be set where there is none.");
  await saysEnabled(user, true, IN_STEP);
  const steps = [
    ["a", "b", off],
    ["b", "c", on],
    ["c", "d", undefined],
    ["d", "e", on],
  ] as const;
  for (const [expected, next, options] of steps) {
    const call = options ? { user, expected, next, options } : { user, expected, next };
    await store.wins(call, "The expected value must be replaced.");
    await saysEnabled(user, options?.isEnabled ?? false, IN_STEP);
  }
}

async function followsSameValue({ store, newUser, saysEnabled }: Trial): Promise<void> {
  const user = await newUser();
  await store.wins({ user, next: "a", options: off }, "A value must be set where there is none.");
  for (const options of [on, off]) {
    const complaint = "A value that is replaced by itself was the expected one.";
    await store.wins({ user, expected: "a", next: "a", options }, complaint);
    await saysEnabled(user, options.isEnabled, `${IN_STEP} A column is repaired by such a write.`);
  }
}

async function ignoresRefused({ store, newUser, saysEnabled }: Trial): Promise<void> {
  const user = await newUser();
  await store.wins({ user, next: "a", options: on }, "A value must be set where there is none.");
  const complaint = "compareAndSet may replace a value only where it is the expected one.";
  await store.refuses({ user, expected: "b", next: "c", options: off }, complaint);
  await store.refuses({ user, next: "c", options: off }, complaint);
  await store.refuses({ user, expected: "b" }, complaint);
  await saysEnabled(user, true, "A refused write must leave the column as it was: one statement.");
}

async function offAfterDeletion({ store, newUser, saysEnabled }: Trial): Promise<void> {
  const complaint = "Where there is no value, TOTP is off, whatever came with the deletion.";
  for (const options of [undefined, on]) {
    const user = await newUser();
    await store.wins({ user, next: "a", options: on }, "A value must be set where there is none.");
    const deletion = options ? { user, expected: "a", options } : { user, expected: "a" };
    await store.wins(deletion, "With undefined as next, the value must be deleted.");
    await saysEnabled(user, false, complaint);
  }
}
