import { setTimeout as delay } from "node:timers/promises";
import type { CompareAndSetOptions } from "../stores/store.js";
import { complain, type Probe } from "./probe.js";
import { show } from "./show.js";
import type { Trial } from "./trial.js";

/** A slow machine may take longer over two calls than the first of these; it is then given the next. */
const LIFETIMES_MS = [600, 2400, 9600];
/** How long after its time a value may still be seen. */
const GRACE_MS = 5000;
const POLL_MS = 20;

type WriteInTime = (user: string, options: CompareAndSetOptions) => Promise<unknown>;

/** Writes values of a fresh user that expire soon, with what is to be done before they do. */
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
    "A value must be there until its expiresAt, to be replaced and deleted as any other.",
    `Writes were refused, with expiresAt ${LIFETIMES_MS.join(", ")} ms ahead.`,
  );
}

/** Waits until a value is gone, and tells when that was. */
export async function hasGone(store: Probe, user: string, expiresAt: Date): Promise<number> {
  const deadline = expiresAt.getTime() + GRACE_MS;
  for (;;) {
    const value = await store.read(user);
    const now = Date.now();
    if (value === undefined) return now;
    if (now > deadline) {
      complain(
        "A value was there long after its expiresAt. Compare the time at each read where the engine is late to drop values. (A store that cannot drop values is tested with the option expires: false.)",
        `get(${show(user)}) gave ${show(value)} ${GRACE_MS / 1000} s after ${expiresAt.toISOString()}.`,
      );
    }
    await delay(POLL_MS);
  }
}

/** Waits until the store itself takes a time for past: its clock may be another than that of this process. */
export async function hasPassed({ store, newUser }: Trial, expiresAt: Date): Promise<void> {
  const user = await newUser();
  await store.wins({ user, next: "a", options: { expiresAt } }, "A value may expire.");
  await hasGone(store, user, expiresAt);
}
