import { setTimeout as delay } from "node:timers/promises";
import { callWithin } from "../../base/call-within.js";
import { describeKind } from "../../base/describe.js";
import { TotpCallbackError } from "../../base/errors.js";
import type { TotpStore } from "../../stores/store.js";
import type { Busy } from "../outcomes.js";
import { EMPTY_STATE, type TotpState } from "../state.js";
import { BUSY, type Transition } from "../transition.js";
import type { Codec } from "./codec.js";

/** More rounds than the default budget has attempts: each lost round means that somebody else's write won. */
const ROUNDS = 16;
const LONGEST_PAUSE_MS = 64;
const GRACE_MS = 3_600_000;

interface Storage {
  store: TotpStore;
  codec: Codec;
  timeoutMs: number;
}

/**
 * Reads, applies, compares and sets, until the write wins. The outcome exists only then: two calls that
 * read the same state cannot both be told yes. Bounded, so that a crowd cannot hold a request for ever.
 */
export async function updateState<Outcome>(
  storage: Storage,
  key: string,
  apply: (state: TotpState, isCurrent: boolean) => Promise<Transition<Outcome | Busy>>,
): Promise<Outcome | Busy> {
  const { store, codec, timeoutMs } = storage;
  for (let round = 0; round < ROUNDS; round++) {
    const stored = await readValue(storage, key);
    const before = stored === undefined ? EMPTY_STATE : codec.decode(key, stored).state;
    const { state, outcome } = await apply(before, stored === undefined || codec.isCurrent(stored));
    if (state === before) return outcome;
    const next = codec.encode(key, state);
    const options = next === undefined ? {} : { expiresAt: expiryOf(state) };
    const won: unknown = await callWithin("store.compareAndSet", timeoutMs, () =>
      store.compareAndSet(key, stored, next, options),
    );
    if (won === true) return outcome;
    // A store that returns a row or a count may have written, or not: nothing is known of the outcome.
    if (won !== false) {
      const [expected, got] = ["true or false", describeKind(won)];
      throw new TotpCallbackError("store.compareAndSet", { expected, got });
    }
    await delay(Math.random() * Math.min(2 ** round, LONGEST_PAUSE_MS));
  }
  return BUSY;
}

/** Reads a state without changing it. */
export async function readState(storage: Storage, key: string): Promise<TotpState> {
  const stored = await readValue(storage, key);
  return stored === undefined ? EMPTY_STATE : storage.codec.decode(key, stored).state;
}

async function readValue({ store, timeoutMs }: Storage, key: string): Promise<string | undefined> {
  const value: unknown = await callWithin("store.get", timeoutMs, () => store.get(key));
  if (value === undefined || value === null) return undefined;
  if (typeof value === "string") return value;
  const expected = "the string that was stored, or undefined";
  throw new TotpCallbackError("store.get", { expected, got: describeKind(value) });
}

/**
 * Nothing that is enabled expires. What else there is stays a while longer than it is worth something, so
 * that a user who comes late is told that the setup has expired, not that there is none.
 */
function expiryOf({ active, pending, attempts }: TotpState): Date | undefined {
  if (active) return undefined;
  const worthless = Math.max(pending?.expiresAt ?? 0, attempts?.lockedUntil ?? 0);
  return new Date(worthless + GRACE_MS);
}
