import { complain } from "../probe.js";
import { show } from "../show.js";
import type { Trial } from "../trial.js";
import type { Check } from "./check.js";

export const RESULTS: readonly Check[] = [
  { name: "get returns undefined, not null, if there is no value", run: noValueIsUndefined },
  { name: "get returns the same string that was set", run: valueIsString },
  { name: "compareAndSet returns true or false, and nothing else", run: resultsAreBooleans },
];

async function noValueIsUndefined({ store, newUser }: Trial): Promise<void> {
  const user = await newUser();
  const got: unknown = await store.raw.get(user);
  if (got === undefined) return;
  const complaint = "get must return undefined for a user without a value.";
  complain(complaint, `get(${show(user)}) returned ${show(got)}.`);
}

async function valueIsString({ store, newUser }: Trial): Promise<void> {
  const user = await newUser();
  if ((await store.raw.compareAndSet(user, undefined, "a")) !== true) return;
  const got: unknown = await store.raw.get(user);
  if (got === "a") return;
  const complaint =
    "get must return the string that was set, or throw. If the client returns rows in another shape (as arrays, nested by table, in camel case, as bytes), TOTP must not seem to be off for an enrolled user: see storedText and wroteOneRow.";
  complain(complaint, `get(${show(user)}) returned ${show(got)} instead of "a".`);
}

async function resultsAreBooleans({ store, newUser }: Trial): Promise<void> {
  const user = await newUser();
  const calls = [
    { does: "set a value", expected: undefined, next: "a", result: true },
    { does: "refused to set a second value", expected: undefined, next: "b", result: false },
    { does: "replaced the value", expected: "a", next: "b", result: true },
    { does: "refused to replace another value", expected: "a", next: "c", result: false },
    { does: "refused to delete another value", expected: "a", next: undefined, result: false },
    { does: "deleted the value", expected: "b", next: undefined, result: true },
  ];
  for (const { does, expected, next, result } of calls) {
    const got: unknown = await store.raw.compareAndSet(user, expected, next);
    if (got === result) continue;
    const complaint =
      "compareAndSet must return true if it has replaced the value, and false if it has not. Other values are errors.";
    complain(complaint, `When it should have ${does}, it returned ${show(got)}.`);
  }
}
