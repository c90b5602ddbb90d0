import { setTimeout as delay } from "node:timers/promises";
import type { CompareAndSetOptions } from "../stores/store.js";
import { complain, type Probe } from "./probe.js";
import { show } from "./show.js";
import type { Trial } from "./trial.js";

/** If a slow machine takes longer than the first one for two calls, the next one is tried. */
const LIFETIMES_MS = [600, 2400, 9600];
/** How long after its time a value can still be returned. */
const GRACE_MS = 5000;
const POLL_MS = 20;

type WriteInTime = (user: string, options: CompareAndSetOptions) => Promise<unknown>;

/** Writes values of a new user that expire soon. Tries again with a longer lifetime if they expire too early. */
export async function shortly(
  { newUser }: Trial,
  write: WriteInTime,
): Promise<{ user: string; expiresAt: Date }> {
  for (const lifetime of LIFETIMES_MS) {
    const user = await newUser();
    const expiresAt = new Date(Date.now() + lifetime);
    if (await write(user, { expiresAt: new Date(expiresAt) })) return { user, expiresAt };
  }
  complain(
    "Until its expiresAt, a value can be replaced and deleted like any other.",
    `Writes were refused, with an expiresAt ${LIFETIMES_MS.join(", ")} ms ahead.`,
  );
}

/** Waits until a value is gone, and returns when that was. */
export async function hasGone(store: Probe, user: string, expiresAt: Date): Promise<number> {
  const deadline = expiresAt.getTime() + GRACE_MS;
  for (;;) {
    const value = await store.read(user);
    const now = Date.now();
    if (value === undefined) return now;
    if (now > deadline) {
      complain(
        "A value was returned long after its expiresAt. Compare the time on each read if the engine removes values late. (Test a store that cannot remove values with the option expires: false.)",
        `get(${show(user)}) returned ${show(value)} ${GRACE_MS / 1000} s after ${expiresAt.toISOString()}.`,
      );
    }
    await delay(POLL_MS);
  }
}

/** Waits until a time has passed by the clock of the store, which can differ from that of this process. */
export async function hasPassed({ store, newUser }: Trial, expiresAt: Date): Promise<void> {
  const user = await newUser();
  await store.wins(
    { user, next: "a", options: { expiresAt } },
    "A value with expiresAt must be set.",
  );
  await hasGone(store, user, expiresAt);
}
