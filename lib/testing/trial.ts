import { randomInt, randomUUID } from "node:crypto";
import type { Awaitable } from "../base/awaitable.js";
import { describeKind } from "../base/describe.js";
import type { TotpStore } from "../stores/store.js";
import type { TestConfig } from "./options.js";
import { complain, type Probe, probe } from "./probe.js";
import { show } from "./show.js";

/** The argument of a check. */
export interface Trial {
  store: Probe;
  /** Returns an id that no other check and no earlier run has used. */
  newUser(): Promise<string>;
  /** Number of calls that race for one value. */
  parallel: number;
  /** Fails unless the store's column has this value for the user. */
  saysEnabled(user: string, isEnabled: boolean, complaint: string): Promise<void>;
  /** Returns the store, and a second one if `createStore` returns several that share their values. */
  peers(): Promise<[Probe, ...Probe[]]>;
}

export async function createTrial(
  createStore: () => Awaitable<TotpStore>,
  { parallel, createUser, readEnabled }: TestConfig,
): Promise<Trial> {
  const given = checkStore(await createStore());
  const store = probe(given);
  const newUser = async () => (createUser ? checkUser(await createUser()) : `user-${randomUUID()}`);

  async function peers(): Promise<[Probe, ...Probe[]]> {
    const another = checkStore(await createStore());
    if (another === given) return [store];
    const second = probe(another);
    const user = await newUser();
    await store.wins({ user, next: "shared" }, "The first value of a user must be set.");
    return (await second.read(user)) === "shared" ? [store, second] : [store];
  }

  async function saysEnabled(user: string, isEnabled: boolean, complaint: string): Promise<void> {
    const got: unknown = await readEnabled?.(user);
    if (got === isEnabled) return;
    complain(
      complaint,
      `readEnabled(${show(user)}) returned ${show(got)} instead of ${isEnabled}.`,
    );
  }

  return { store, newUser, parallel, saysEnabled, peers };
}

/** Twenty random digits, which have no case, and are too many for an exact number. */
export function randomDigits(): string {
  return Array.from({ length: 20 }, () => randomInt(1, 10)).join("");
}

function checkStore(store: unknown): TotpStore {
  const { get, compareAndSet } = (store ?? {}) as Partial<TotpStore>;
  if (typeof get === "function" && typeof compareAndSet === "function") return store as TotpStore;
  const expected = "an object with the methods get and compareAndSet";
  throw new TypeError(`createStore: expected ${expected}, got ${describeKind(store)}.`);
}

function checkUser(user: unknown): string {
  if (typeof user === "string") return user;
  throw new TypeError(`createUser: expected the id as a string, got ${describeKind(user)}.`);
}
