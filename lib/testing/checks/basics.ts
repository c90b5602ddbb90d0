import type { Trial } from "../trial.js";
import type { Check } from "./check.js";

export const BASICS: readonly Check[] = [
  { name: "a new user has no value", run: newUserHasNoValue },
  { name: "sets a value if there is none", run: setsIfThereIsNone },
  { name: "does not set a value if there is one", run: setsOnlyIfThereIsNone },
  { name: "replaces the expected value", run: replacesExpected },
  { name: "does not replace another value", run: replacesNoOther },
  { name: "replaces a value with itself", run: replacesWithItself },
  { name: "does not replace a value if there is none", run: replacesNothing },
  { name: "deletes the expected value", run: deletesExpected },
  { name: "does not delete another value", run: deletesNoOther },
  { name: "sets a value again after it was deleted", run: setsAfterDeletion },
  { name: "keeps users apart", run: keepsUsersApart },
];

async function newUserHasNoValue({ store, newUser }: Trial): Promise<void> {
  await store.holds(await newUser(), undefined, "A user for whom nothing was set has no value.");
}

async function setsIfThereIsNone({ store, newUser }: Trial): Promise<void> {
  const user = await newUser();
  await store.wins({ user, next: "a" }, "A value must be set if there is none.");
  await store.holds(user, "a", "get must see a value as soon as compareAndSet has returned true.");
}

async function setsOnlyIfThereIsNone({ store, newUser }: Trial): Promise<void> {
  const user = await newUser();
  await store.wins({ user, next: "a" }, "A value must be set if there is none.");
  const complaint =
    "If expected is undefined, compareAndSet can succeed only if there is no value.";
  await store.refuses({ user, next: "b" }, complaint);
  await store.holds(user, "a", "A refused compareAndSet changed the value.");
}

async function replacesExpected({ store, newUser }: Trial): Promise<void> {
  const user = await newUser();
  await store.wins({ user, next: "a" }, "A value must be set if there is none.");
  await store.wins({ user, expected: "a", next: "b" }, "The expected value must be replaced.");
  await store.holds(user, "b", "get must see the new value as soon as compareAndSet returns true.");
}

async function replacesNoOther({ store, newUser }: Trial): Promise<void> {
  const user = await newUser();
  await store.wins({ user, next: "a" }, "A value must be set if there is none.");
  await store.wins({ user, expected: "a", next: "b" }, "The expected value must be replaced.");
  const complaint = "compareAndSet can replace a value only if it is the expected one.";
  for (const expected of ["a", "c"]) {
    await store.refuses({ user, expected, next: "d" }, complaint);
    await store.holds(user, "b", "A refused compareAndSet changed the value.");
  }
}

async function replacesWithItself({ store, newUser }: Trial): Promise<void> {
  const user = await newUser();
  await store.wins({ user, next: "a" }, "A value must be set if there is none.");
  const complaint =
    "Replacing a value with itself must succeed: count the rows that matched, not those that changed.";
  await store.wins({ user, expected: "a", next: "a" }, complaint);
  await store.holds(user, "a", "A value that was replaced with itself must still be there.");
}

async function replacesNothing({ store, newUser }: Trial): Promise<void> {
  const user = await newUser();
  const complaint = "If there is no value, compareAndSet must not find the expected one.";
  for (const next of ["b", undefined]) {
    await store.refuses({ user, expected: "a", next }, complaint);
    await store.holds(user, undefined, "A refused compareAndSet set a value.");
  }
}

async function deletesExpected({ store, newUser }: Trial): Promise<void> {
  const user = await newUser();
  await store.wins({ user, next: "a" }, "A value must be set if there is none.");
  await store.wins({ user, expected: "a" }, "If next is undefined, the value must be deleted.");
  await store.holds(user, undefined, "A deleted value must be gone.");
}

async function deletesNoOther({ store, newUser }: Trial): Promise<void> {
  const user = await newUser();
  await store.wins({ user, next: "a" }, "A value must be set if there is none.");
  const complaint = "compareAndSet can delete a value only if it is the expected one.";
  await store.refuses({ user, expected: "b" }, complaint);
  await store.holds(user, "a", "A refused deletion changed the value.");
}

async function setsAfterDeletion({ store, newUser }: Trial): Promise<void> {
  const user = await newUser();
  await store.wins({ user, next: "a" }, "A value must be set if there is none.");
  await store.wins({ user, expected: "a" }, "If next is undefined, the value must be deleted.");
  const complaint = "After a deletion, there is no value, so a new one must be set.";
  await store.wins({ user, next: "b" }, complaint);
  await store.holds(user, "b", "get must see the value that was set after a deletion.");
}

async function keepsUsersApart({ store, newUser }: Trial): Promise<void> {
  const [one, other] = [await newUser(), await newUser()];
  await store.wins({ user: one, next: "a" }, "A value must be set if there is none.");
  await store.holds(other, undefined, "A user has another user's value.");
  await store.wins(
    { user: other, next: "b" },
    "A value of one user must not prevent one of another user.",
  );
  await store.holds(one, "a", "One user's value was replaced by another user's.");
  await store.wins({ user: other, expected: "b" }, "The expected value must be deleted.");
  await store.holds(one, "a", "One user's value was deleted with another user's.");
}
