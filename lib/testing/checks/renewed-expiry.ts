import type { Trial } from "../trial.js";
import { hasPassed, shortly } from "../waiting.js";
import type { Check } from "./check.js";

const needs = "expiry";

/** A store's row outlives its value, and so may what it says of the time. */
export const RENEWED_EXPIRY: readonly Check[] = [
  { name: "lets a value stay that is written again without expiresAt", needs, run: staysWithout },
  {
    name: "lets a value stay that is written again with expiresAt: undefined",
    needs,
    run: staysWithUndefined,
  },
  { name: "lets a value stay that is set after a deletion", needs, run: staysAfterDeletion },
  { name: "lets a value live as long as it was last written with", needs, run: livesLonger },
  { name: "drops a value that was to stay and then to expire", needs, run: dropsAfterAll },
];

const LATER_MS = 600_000;

async function staysWithout(trial: Trial): Promise<void> {
  const { store } = trial;
  const { user, expiresAt } = await shortly(trial, async (user, options) => {
    await store.write({ user, next: "a", options });
    return store.write({ user, expected: "a", next: "b" });
  });
  await hasPassed(trial, expiresAt);
  await store.holds(user, "b", "A write without expiresAt must end the expiry of the one before.");
}

async function staysWithUndefined(trial: Trial): Promise<void> {
  const { store } = trial;
  const { user, expiresAt } = await shortly(trial, async (user, options) => {
    await store.write({ user, next: "a", options });
    return store.write({ user, expected: "a", next: "b", options: { expiresAt: undefined } });
  });
  const complaint = "A write with an expiresAt of undefined is one without.";
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
  await store.holds(user, "b", "A deletion must end the expiry of the value that it deletes.");
}

async function livesLonger(trial: Trial): Promise<void> {
  const { store } = trial;
  const { user, expiresAt } = await shortly(trial, async (user, options) => {
    await store.write({ user, next: "a", options });
    const later = { expiresAt: new Date(Date.now() + LATER_MS) };
    return store.write({ user, expected: "a", next: "b", options: later });
  });
  await hasPassed(trial, expiresAt);
  await store.holds(user, "b", "A write with a later expiresAt must put the expiry off.");
}

async function dropsAfterAll(trial: Trial): Promise<void> {
  const { store } = trial;
  const { user, expiresAt } = await shortly(trial, async (user, options) => {
    await store.write({ user, next: "a" });
    return store.write({ user, expected: "a", next: "b", options });
  });
  await hasPassed(trial, expiresAt);
  const complaint = "A write with expiresAt must let a value expire that had none.";
  await store.holds(user, undefined, complaint);
}
