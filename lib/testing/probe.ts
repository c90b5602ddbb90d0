import type { CompareAndSetOptions, TotpStore } from "../stores/store.js";
import { show } from "./show.js";

/** A call of `compareAndSet`. An omitted value is `undefined`. */
interface Write {
  user: string;
  expected?: string;
  next?: string;
  options?: CompareAndSetOptions;
}

/**
 * The store under test. Each check looks for one fault, so `null` counts as no value and 1 as true, except in the check
 * of the results themselves.
 */
export interface Probe {
  read(user: string): Promise<unknown>;
  write(write: Write): Promise<unknown>;
  holds(user: string, value: string | undefined, complaint: string): Promise<void>;
  wins(write: Write, complaint: string): Promise<void>;
  refuses(write: Write, complaint: string): Promise<void>;
  /** The store itself, for the check of the results. */
  raw: TotpStore;
}

export function probe(store: TotpStore): Probe {
  const read = (user: string) =>
    naming(
      () => `get(${show(user)})`,
      async () => (await store.get(user)) ?? undefined,
    );
  const write = (call: Write) =>
    naming(
      () => nameOf(call),
      async () => store.compareAndSet(call.user, call.expected, call.next, call.options),
    );

  return {
    raw: store,
    read,
    write,
    async holds(user, value, complaint) {
      const got = await read(user);
      if (got === value) return;
      complain(complaint, `get(${show(user)}) returned ${show(got)} instead of ${show(value)}.`);
    },
    async wins(call, complaint) {
      const won = await write(call);
      if (!won) complain(complaint, `${nameOf(call)} returned ${show(won)}.`);
    },
    async refuses(call, complaint) {
      const won = await write(call);
      if (won) complain(complaint, `${nameOf(call)} returned ${show(won)}.`);
    },
  };
}

/** Fails a test. The message says what is wrong, and then what happened. */
export function complain(complaint: string, seen: string): never {
  // Not an AssertionError, of which Jest would show the compared values instead of the message.
  throw new Error(`${complaint}\n${seen}`);
}

function nameOf({ user, expected, next, options }: Write): string {
  const shown = Object.entries(options ?? {}).map(
    ([name, value]) => `${name}: ${value instanceof Date ? value.toISOString() : value}`,
  );
  const extra = options ? [`{ ${shown.join(", ")} }`] : [];
  return `compareAndSet(${[...[user, expected, next].map(show), ...extra].join(", ")})`;
}

/** Adds the call to an error, because the errors of drivers rarely contain it. */
async function naming<T>(name: () => string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (cause) {
    throw new Error(`${name()} failed: ${cause instanceof Error ? cause.message : cause}`, {
      cause,
    });
  }
}
