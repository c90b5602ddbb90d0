import { setTimeout as delay } from "node:timers/promises";
import { callWithin } from "../../base/call-within.js";
import { describeKind } from "../../base/describe.js";
import { TotpCallbackError } from "../../base/errors.js";
import type { TotpStore } from "../../stores/store.js";
import { lockEnd } from "../machine/lockout.js";
import type { Transition } from "../machine/operation.js";
import { EMPTY_STATE, type TotpState } from "../machine/state.js";
import { BUSY, type Busy } from "../refusals.js";
import type { Codec, Decoded } from "./codec.js";

/** More than the wrong codes that lead to a lock: each round that fails means that another write succeeded. */
const ROUNDS = 16;
const LONGEST_PAUSE_MS = 64;
const GRACE_MS = 3_600_000;

export interface Storage {
  store: TotpStore;
  codec: Codec;
  timeoutMs: number;
}

/**
 * Reads the state, applies an operation, and writes the result, until a write succeeds. Only then does the transition
 * count: two calls that read the same state cannot both be accepted. The number of rounds is limited, so that many
 * concurrent calls cannot block a request forever.
 */
export async function updateState<Outcome>(
  storage: Storage,
  key: string,
  apply: (state: TotpState, previous: TotpState | undefined) => Transition<Outcome>,
): Promise<Transition<Outcome | Busy>> {
  const { codec } = storage;
  let previous: TotpState | undefined;
  for (let round = 0; round < ROUNDS; round++) {
    const stored = await readValue(storage, key);
    const { state: before, isPlaintext } = decode(storage, key, stored);
    const transition = apply(before, previous);
    const { state } = transition;
    const isDone =
      state === before || (await replace(storage, key, stored, codec.encode(key, state), state));
    if (isDone) return isPlaintext ? withPlaintextRead(transition) : transition;
    previous = before;
    await pause(round);
  }
  return { state: EMPTY_STATE, outcome: BUSY };
}

/**
 * Writes the stored value again, encrypted with the current key. This also updates what a store keeps next to the
 * value, such as the column that says whether TOTP is on.
 */
export async function rewriteState(
  storage: Storage,
  key: string,
): Promise<Transition<{ ok: true; changed: boolean } | Busy>> {
  const { codec } = storage;
  for (let round = 0; round < ROUNDS; round++) {
    const stored = await readValue(storage, key);
    const { state, isPlaintext } = decode(storage, key, stored);
    if (stored === undefined) return { state, outcome: { ok: true, changed: false } };
    const isCurrent = codec.isCurrent(stored);
    const next = isCurrent ? stored : codec.encode(key, state);
    if (await replace(storage, key, stored, next, state)) {
      const transition = { state, outcome: { ok: true as const, changed: !isCurrent } };
      return isPlaintext ? withPlaintextRead(transition) : transition;
    }
    await pause(round);
  }
  return { state: EMPTY_STATE, outcome: BUSY };
}

/** Removes the stored value without decoding it, so that it works even if the value cannot be read. */
export async function removeState(
  storage: Storage,
  key: string,
): Promise<{ ok: true; changed: boolean } | Busy> {
  for (let round = 0; round < ROUNDS; round++) {
    const stored = await readValue(storage, key);
    if (stored === undefined) return { ok: true, changed: false };
    if (await replace(storage, key, stored, undefined, EMPTY_STATE)) {
      return { ok: true, changed: true };
    }
  }
  return BUSY;
}

/** Reads a state without changing it. */
export async function readState(storage: Storage, key: string): Promise<Decoded> {
  return decode(storage, key, await readValue(storage, key));
}

function decode({ codec }: Storage, key: string, stored: string | undefined): Decoded {
  return stored === undefined
    ? { state: EMPTY_STATE, isPlaintext: false }
    : codec.decode(key, stored);
}

function pause(round: number): Promise<void> {
  return delay(Math.random() * Math.min(2 ** round, LONGEST_PAUSE_MS));
}

function withPlaintextRead<Outcome>(transition: Transition<Outcome>): Transition<Outcome> {
  return { ...transition, events: [{ type: "plaintext_read" }, ...(transition.events ?? [])] };
}

async function readValue({ store, timeoutMs }: Storage, key: string): Promise<string | undefined> {
  const value: unknown = await callWithin("store.get", timeoutMs, () => store.get(key));
  if (value === undefined || value === null) return undefined;
  if (typeof value === "string") return value;
  const expected = "the string that was stored, or undefined";
  throw new TotpCallbackError("store.get", { expected, got: describeKind(value) });
}

async function replace(
  { store, timeoutMs }: Storage,
  key: string,
  stored: string | undefined,
  next: string | undefined,
  state: TotpState,
): Promise<boolean> {
  const isEnabled = state.active !== undefined;
  const options = next === undefined ? { isEnabled } : { expiresAt: expiryOf(state), isEnabled };
  const won: unknown = await callWithin("store.compareAndSet", timeoutMs, () =>
    store.compareAndSet(key, stored, next, options),
  );
  if (typeof won === "boolean") return won;
  // If a store returns a row or a count, it is unknown whether the write succeeded.
  const [expected, got] = ["true or false", describeKind(won)];
  throw new TotpCallbackError("store.compareAndSet", { expected, got });
}

/**
 * An enabled enrollment never expires. Other states are kept a while longer than they are valid, so that a late user
 * learns that the setup has expired, and not that there is none.
 */
function expiryOf({ active, pending, lockout, logins = [] }: TotpState): Date | undefined {
  if (active) return undefined;
  const ends = [
    pending?.expiresAt ?? 0,
    lockout?.allowanceUsedUntil ?? 0,
    lockEnd(lockout, 0) ?? 0,
    ...logins.map(({ expiresAt }) => expiresAt),
  ];
  return new Date(Math.max(...ends) + GRACE_MS);
}
