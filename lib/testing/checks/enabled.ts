import type { Trial } from "../trial.js";
import type { Check } from "./check.js";

const needs = "readEnabled";

/** For a store that writes `isEnabled` to a column. */
export const ENABLED: readonly Check[] = [
  { name: "the column is false for a new user", needs, run: newUserIsOff },
  { name: "the column has the isEnabled of the last write", needs, run: followsWrites },
  { name: "the column changes even if the value does not", needs, run: followsSameValue },
  { name: "the column does not change if a write is refused", needs, run: ignoresRefused },
  { name: "the column is false after a deletion", needs, run: offAfterDeletion },
];

const IN_STEP = "The column must have the isEnabled of the last write.";
const on = { isEnabled: true };
const off = { isEnabled: false };

async function newUserIsOff({ newUser, saysEnabled }: Trial): Promise<void> {
  await saysEnabled(await newUser(), false, "TOTP is off for a user without a value.");
}

async function followsWrites({ store, newUser, saysEnabled }: Trial): Promise<void> {
  const user = await newUser();
  await store.wins({ user, next: "a", options: on }, "A value must be set if there is none.");
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
  await store.wins({ user, next: "a", options: off }, "A value must be set if there is none.");
  for (const options of [on, off]) {
    const complaint = "Replacing a value with itself must succeed.";
    await store.wins({ user, expected: "a", next: "a", options }, complaint);
    await saysEnabled(user, options.isEnabled, `${IN_STEP} Such a write repairs the column.`);
  }
}

async function ignoresRefused({ store, newUser, saysEnabled }: Trial): Promise<void> {
  const user = await newUser();
  await store.wins({ user, next: "a", options: on }, "A value must be set if there is none.");
  const complaint = "compareAndSet can replace a value only if it is the expected one.";
  await store.refuses({ user, expected: "b", next: "c", options: off }, complaint);
  await store.refuses({ user, next: "c", options: off }, complaint);
  await store.refuses({ user, expected: "b" }, complaint);
  await saysEnabled(user, true, "A refused write must not change the column: use one statement.");
}

async function offAfterDeletion({ store, newUser, saysEnabled }: Trial): Promise<void> {
  const complaint = "After a deletion, TOTP is off, whatever its isEnabled is.";
  for (const options of [undefined, on]) {
    const user = await newUser();
    await store.wins({ user, next: "a", options: on }, "A value must be set if there is none.");
    const deletion = options ? { user, expected: "a", options } : { user, expected: "a" };
    await store.wins(deletion, "If next is undefined, the value must be deleted.");
    await saysEnabled(user, false, complaint);
  }
}
