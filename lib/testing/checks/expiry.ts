import { complain } from "../probe.js";
import type { Trial } from "../trial.js";
import { hasGone, shortly } from "../waiting.js";
import type { Check } from "./check.js";

export const EXPIRY: readonly Check[] = [
  { name: "keeps a value that expires later", run: keepsUntilThen },
  { name: "copies expiresAt when it is called", run: copiesTime },
  { name: "deletes a value whatever its expiresAt is", run: deletesWithExpiry },
  { name: "removes a value that has expired", needs: "expiry", run: removesExpired },
  { name: "keeps a value until its expiresAt", needs: "expiry", run: removesNoneBefore },
  { name: "accepts a value that has already expired", needs: "expiry", run: removesAtOnce },
];

/** Ten minutes: more than clocks differ, and less than most time zones do. */
const LATER_MS = 600_000;

async function keepsUntilThen({ store, newUser }: Trial): Promise<void> {
  const user = await newUser();
  const options = () => ({ expiresAt: new Date(Date.now() + LATER_MS) });
  await store.wins({ user, next: "a", options: options() }, "A value with expiresAt must be set.");
  const complaint =
    "A value was gone before its expiresAt. Check seconds and milliseconds, and time zones.";
  await store.holds(user, "a", complaint);
  await store.wins({ user, expected: "a", next: "b", options: options() }, complaint);
  await store.holds(user, "b", complaint);
}

async function copiesTime({ store, newUser }: Trial): Promise<void> {
  const user = await newUser();
  const expiresAt = new Date(Date.now() + LATER_MS);
  const options = { expiresAt };
  await store.wins({ user, next: "a", options }, "A value with expiresAt must be set.");
  options.expiresAt = new Date(0);
  const complaint = "changed after the call, and this changed the expiry: copy the time.";
  await store.holds(user, "a", `The options were ${complaint}`);
  expiresAt.setTime(0);
  await store.holds(user, "a", `The Date in expiresAt was ${complaint}`);
}

async function deletesWithExpiry({ store, newUser }: Trial): Promise<void> {
  const user = await newUser();
  const complaint = "If next is undefined, expiresAt has no meaning, even if it is in the past.";
  await store.wins({ user, next: "a" }, "A value must be set if there is none.");
  for (const time of [0, Date.now() + LATER_MS]) {
    await store.wins({ user, expected: "a", options: { expiresAt: new Date(time) } }, complaint);
    await store.holds(user, undefined, complaint);
    await store.wins({ user, next: "a" }, complaint);
    await store.holds(user, "a", complaint);
  }
}

async function removesExpired(trial: Trial): Promise<void> {
  const { store } = trial;
  const { user, expiresAt } = await shortly(trial, async (user, options) =>
    store.write({ user, next: "a", options }),
  );
  await hasGone(store, user, expiresAt);
  const expired = "A value that has expired must not count as the expected one.";
  await store.refuses({ user, expected: "a", next: "b" }, expired);
  await store.holds(user, undefined, expired);
  const complaint = "After a value has expired, a new one must be set.";
  await store.wins({ user, next: "c" }, complaint);
  const stays = "A new value must not have the expiry of an expired one: also replace the expiry.";
  await store.holds(user, "c", stays);
}

/** Late in a second, so that a time that is rounded down to seconds is noticed. */
async function removesNoneBefore({ store, newUser }: Trial): Promise<void> {
  const user = await newUser();
  const expiresAt = new Date(Math.ceil(Date.now() / 1000) * 1000 + 999);
  await store.wins(
    { user, next: "a", options: { expiresAt } },
    "A value with expiresAt must be set.",
  );
  const early = expiresAt.getTime() - (await hasGone(store, user, expiresAt));
  // The clocks of the engine and of this process can differ by this much.
  if (early <= 500) return;
  complain(
    "A value was gone before its expiresAt: round times up, not down, and check the engine's clock.",
    `It was gone at least ${early} ms early.`,
  );
}

async function removesAtOnce({ store, newUser }: Trial): Promise<void> {
  const user = await newUser();
  const options = { expiresAt: new Date(Date.now() - 60_000) };
  await store.wins(
    { user, next: "a", options },
    "A value that has already expired must be accepted.",
  );
  await store.holds(user, undefined, "A value that had already expired was returned.");
  const complaint = "After a value has expired, a new one must be set.";
  await store.wins({ user, next: "b" }, complaint);
  await store.holds(user, "b", complaint);
}
