import { complain } from "../probe.js";
import type { Trial } from "../trial.js";
import { hasGone, shortly } from "../waiting.js";
import type { Check } from "./check.js";

export const EXPIRY: readonly Check[] = [
  { name: "keeps a value that expires later", run: keepsUntilThen },
  { name: "copies expiresAt when it is called", run: copiesTime },
  { name: "deletes a value whatever expiresAt comes with it", run: deletesWithExpiry },
  { name: "drops a value that has expired", needs: "expiry", run: dropsExpired },
  { name: "drops no value before its expiresAt", needs: "expiry", run: dropsNoneBefore },
  { name: "drops a value that has expired when it is set", needs: "expiry", run: dropsAtOnce },
];

/** Ten minutes: more than clocks differ, less than most time zones do. */
const LATER_MS = 600_000;

async function keepsUntilThen({ store, newUser }: Trial): Promise<void> {
  const user = await newUser();
  const options = () => ({ expiresAt: new Date(Date.now() + LATER_MS) });
  await store.wins({ user, next: "a", options: options() }, "A value may expire.");
  const complaint =
    "A value was gone before its expiresAt. Mind seconds and milliseconds, and time zones.";
  await store.holds(user, "a", complaint);
  await store.wins({ user, expected: "a", next: "b", options: options() }, complaint);
  await store.holds(user, "b", complaint);
}

async function copiesTime({ store, newUser }: Trial): Promise<void> {
  const user = await newUser();
  const expiresAt = new Date(Date.now() + LATER_MS);
  const options = { expiresAt };
  await store.wins({ user, next: "a", options }, "A value may expire.");
  options.expiresAt = new Date(0);
  const complaint = "changed after the call, and the store went by it: copy the time.";
  await store.holds(user, "a", `The object of options was ${complaint}`);
  expiresAt.setTime(0);
  await store.holds(user, "a", `The Date of expiresAt was ${complaint}`);
}

async function deletesWithExpiry({ store, newUser }: Trial): Promise<void> {
  const user = await newUser();
  const complaint = "With undefined as next, expiresAt means nothing, be it the year 1970.";
  await store.wins({ user, next: "a" }, "A value must be set where there is none.");
  for (const time of [0, Date.now() + LATER_MS]) {
    await store.wins({ user, expected: "a", options: { expiresAt: new Date(time) } }, complaint);
    await store.holds(user, undefined, complaint);
    await store.wins({ user, next: "a" }, complaint);
    await store.holds(user, "a", complaint);
  }
}

async function dropsExpired(trial: Trial): Promise<void> {
  const { store } = trial;
  const { user, expiresAt } = await shortly(trial, async (user, options) =>
    store.write({ user, next: "a", options }),
  );
  await hasGone(store, user, expiresAt);
  const expired = "A value that has expired must not count as the expected one.";
  await store.refuses({ user, expected: "a", next: "b" }, expired);
  await store.holds(user, undefined, expired);
  const complaint = "Where a value has expired there is none, so that one can be set.";
  await store.wins({ user, next: "c" }, complaint);
  const stays = "A value that was set after another expired has its expiry: set that anew, too.";
  await store.holds(user, "c", stays);
}

/** Set late in a second, so that a time cut to seconds shows. */
async function dropsNoneBefore({ store, newUser }: Trial): Promise<void> {
  const user = await newUser();
  const expiresAt = new Date(Math.ceil(Date.now() / 1000) * 1000 + 999);
  await store.wins({ user, next: "a", options: { expiresAt } }, "A value may expire.");
  const early = expiresAt.getTime() - (await hasGone(store, user, expiresAt));
  // So much may the clocks of the engine and of this process differ.
  if (early <= 500) return;
  complain(
    "A value was gone before its expiresAt: round times up, not down, and mind the engine's clock.",
    `It was gone at least ${early} ms early.`,
  );
}

async function dropsAtOnce({ store, newUser }: Trial): Promise<void> {
  const user = await newUser();
  const options = { expiresAt: new Date(Date.now() - 60_000) };
  await store.wins({ user, next: "a", options }, "A value may have expired when it is set.");
  await store.holds(user, undefined, "A value was there that had expired when it was set.");
  const complaint = "Where a value has expired there is none, so that one can be set.";
  await store.wins({ user, next: "b" }, complaint);
  await store.holds(user, "b", complaint);
}
