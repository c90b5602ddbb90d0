import type { Trial } from "../trial.js";
import type { Check } from "./check.js";

export const BASICS: readonly Check[] = [
  { name: "a new user has no value", run: newUserHasNoValue },
  { name: "sets a value where there is none", run: setsWhereThereIsNone },
  { name: "sets no value where there is one", run: setsOnlyWhereThereIsNone },
  { name: "replaces the expected value", run: replacesExpected },
  { name: "replaces no other value", run: replacesNoOther },
  { name: "replaces a value by itself", run: replacesByItself },
  { name: "replaces no value where there is none", run: replacesNothing },
  { name: "deletes the expected value", run: deletesExpected },
  { name: "deletes no other value", run: deletesNoOther },
  { name: "sets a value again after it was deleted", run: setsAfterDeletion },
  { name: "keeps users apart", run: keepsUsersApart },
];

async function newUserHasNoValue({ store, newUser }: Trial): Promise<void> {
  await store.holds(await newUser(), undefined, "A user for whom nothing was set has no value.");
}

async function setsWhereThereIsNone({ store, newUser }: Trial): Promise<void> {
  const user = await newUser();
  await store.wins({ user, next: "a" }, "A value must be set where there is none.");
  await store.holds(user, "a", "get must see a value as soon as compareAndSet has answered true.");
}

async function setsOnlyWhereThereIsNone({ store, newUser }: Trial): Promise<void> {
  const user = await newUser();
  await store.wins({ user, next: "a" }, "A value must be set where there is none.");
  const complaint = "With undefined expected, compareAndSet may win only where there is no value.";
  await store.refuses({ user, next: "b" }, complaint);
  await store.holds(user, "a", "A refused compareAndSet has changed the value.");
}

async function replacesExpected({ store, newUser }: Trial): Promise<void> {
  const user = await newUser();
  await store.wins({ user, next: "a" }, "A value must be set where there is none.");
  await store.wins({ user, expected: "a", next: "b" }, "The expected value must be replaced.");
  await store.holds(user, "b", "get must see the new value as soon as compareAndSet has won.");
}

async function replacesNoOther({ store, newUser }: Trial): Promise<void> {
  const user = await newUser();
  await store.wins({ user, next: "a" }, "A value must be set where there is none.");
  await store.wins({ user, expected: "a", next: "b" }, "The expected value must be replaced.");
  const complaint = "compareAndSet may replace a value only where it is the expected one.";
  for (const expected of ["a", "c"]) {
    await store.refuses({ user, expected, next: "d" }, complaint);
    await store.holds(user, "b", "A refused compareAndSet has changed the value.");
  }
}

async function replacesByItself({ store, newUser }: Trial): Promise<void> {
  const user = await newUser();
  await store.wins({ user, next: "a" }, "A value must be set where there is none.");
  const complaint =
    "A value that is replaced by itself was the expected one: count the rows that matched, not those that changed.";
  await store.wins({ user, expected: "a", next: "a" }, complaint);
  await store.holds(user, "a", "A value that was replaced by itself must still be there.");
}

async function replacesNothing({ store, newUser }: Trial): Promise<void> {
  const user = await newUser();
  const complaint = "Where there is no value, none can be the expected one.";
  for (const next of ["b", undefined]) {
    await store.refuses({ user, expected: "a", next }, complaint);
    await store.holds(user, undefined, "A refused compareAndSet has set a value.");
  }
}

async function deletesExpected({ store, newUser }: Trial): Promise<void> {
  const user = await newUser();
  await store.wins({ user, next: "a" }, "A value must be set where there is none.");
  await store.wins({ user, expected: "a" }, "With undefined as next, the value must be deleted.");
  await store.holds(user, undefined, "A deleted value must be gone.");
}

async function deletesNoOther({ store, newUser }: Trial): Promise<void> {
  const user = await newUser();
  await store.wins({ user, next: "a" }, "A value must be set where there is none.");
  const complaint = "compareAndSet may delete a value only where it is the expected one.";
  await store.refuses({ user, expected: "b" }, complaint);
  await store.holds(user, "a", "A refused deletion has changed the value.");
}

async function setsAfterDeletion({ store, newUser }: Trial): Promise<void> {
  const user = await newUser();
  await store.wins({ user, next: "a" }, "A value must be set where there is none.");
  await store.wins({ user, expected: "a" }, "With undefined as next, the value must be deleted.");
  const complaint = "After a deletion there is no value, so that one can be set again.";
  await store.wins({ user, next: "b" }, complaint);
  await store.holds(user, "b", "get must see the value that was set after a deletion.");
}

async function keepsUsersApart({ store, newUser }: Trial): Promise<void> {
  const [one, other] = [await newUser(), await newUser()];
  await store.wins({ user: one, next: "a" }, "A value must be set where there is none.");
  await store.holds(other, undefined, "One user's value is seen at another user.");
  await store.wins({ user: other, next: "b" }, "One user's value stands in another user's way.");
  await store.holds(one, "a", "One user's value was replaced by another user's.");
  await store.wins({ user: other, expected: "b" }, "The expected value must be deleted.");
  await store.holds(one, "a", "One user's value was deleted with another user's.");
}
