import type { Trial } from "../trial.js";
import { hasPassed, shortly } from "../waiting.js";
import type { Check } from "./check.js";

const needs = "expiry";

/** Each write replaces the expiry of the one before, even if the store keeps the row of an expired value. */
export const RENEWED_EXPIRY: readonly Check[] = [
  { name: "keeps a value that is written again without expiresAt", needs, run: staysWithout },
  {
    name: "keeps a value that is written again with expiresAt: undefined",
    needs,
    run: staysWithUndefined,
  },
  { name: "keeps a value that is set after a deletion", needs, run: staysAfterDeletion },
  { name: "keeps a value that is written again with a later expiresAt", needs, run: livesLonger },
  { name: "removes a value that is written again with expiresAt", needs, run: removesAfterAll },
];

const LATER_MS = 600_000;

async function staysWithout(trial: Trial): Promise<void> {
  const { store } = trial;
  const { user, expiresAt } = await shortly(trial, async (user, options) => {
    await store.write({ user, next: "a", options });
    return store.write({ user, expected: "a", next: "b" });
  });
  await hasPassed(trial, expiresAt);
  await store.holds(user, "b", "A write without expiresAt must remove the expiry of the value.");
}

async function staysWithUndefined(trial: Trial): Promise<void> {
  const { store } = trial;
  const { user, expiresAt } = await shortly(trial, async (user, options) => {
    await store.write({ user, next: "a", options });
    return store.write({ user, expected: "a", next: "b", options: { expiresAt: undefined } });
  });
  const complaint = "An expiresAt of undefined must remove the expiry of the value.";
  await store.holds(user, "b", complaint);
  await hasPassed(trial, expiresAt);
  await store.holds(user, "b", complaint);
}

async function staysAfterDeletion(trial: Trial): Promise<void> {
  const { store } = trial;
  const { user, expiresAt } = await shortly(trial, async (user, options) => {
    await store.write({ user, next: "a", options });
    await store.write({ user, expected: "a" });
    return store.write({ user, next: "b" });
  });
  await hasPassed(trial, expiresAt);
  await store.holds(user, "b", "A deletion must also delete the expiry of the value.");
}

async function livesLonger(trial: Trial): Promise<void> {
  const { store } = trial;
  const { user, expiresAt } = await shortly(trial, async (user, options) => {
    await store.write({ user, next: "a", options });
    const later = { expiresAt: new Date(Date.now() + LATER_MS) };
    return store.write({ user, expected: "a", next: "b", options: later });
  });
  await hasPassed(trial, expiresAt);
  await store.holds(user, "b", "A write with a later expiresAt must postpone the expiry.");
}

async function removesAfterAll(trial: Trial): Promise<void> {
  const { store } = trial;
  const { user, expiresAt } = await shortly(trial, async (user, options) => {
    await store.write({ user, next: "a" });
    return store.write({ user, expected: "a", next: "b", options });
  });
  await hasPassed(trial, expiresAt);
  const complaint =
    "A value that did not expire must expire if it is written again with expiresAt.";
  await store.holds(user, undefined, complaint);
}
