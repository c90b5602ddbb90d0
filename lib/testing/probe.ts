import type { CompareAndSetOptions, TotpStore } from "../stores/store.js";
import { show } from "./show.js";

/** A call of `compareAndSet`. What is left out is no value. */
interface Write {
  user: string;
  expected?: string;
  next?: string;
  options?: CompareAndSetOptions;
}

/**
 * The store under test, asked by checks that each look for one fault. So `null` is read as no value, and
 * 1 as true: one check alone looks at the very answers.
 */
export interface Probe {
  read(user: string): Promise<unknown>;
  write(write: Write): Promise<unknown>;
  holds(user: string, value: string | undefined, complaint: string): Promise<void>;
  wins(write: Write, complaint: string): Promise<void>;
  refuses(write: Write, complaint: string): Promise<void>;
  /** As they are, for the check of the answers. */
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
      complain(complaint, `get(${show(user)}) gave ${show(got)} in place of ${show(value)}.`);
    },
    async wins(call, complaint) {
      const won = await write(call);
      if (!won) complain(complaint, `${nameOf(call)} answered ${show(won)}.`);
    },
    async refuses(call, complaint) {
      const won = await write(call);
      if (won) complain(complaint, `${nameOf(call)} answered ${show(won)}.`);
    },
  };
}

/** Fails a check: first what is wrong with the store, then what was seen. */
export function complain(complaint: string, seen: string): never {
  // No AssertionError: Jest shows of one what was expected and what received, which a message says better.
  throw new Error(`${complaint}\n${seen}`);
}

function nameOf({ user, expected, next, options }: Write): string {
  const shown = Object.entries(options ?? {}).map(
    ([name, value]) => `${name}: ${value instanceof Date ? value.toISOString() : value}`,
  );
  const extra = options ? [`{ ${shown.join(", ")} }`] : [];
  return `compareAndSet(${[...[user, expected, next].map(show), ...extra].join(", ")})`;
}

/** An error of a driver seldom tells which call it was that failed. */
async function naming<T>(name: () => string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (cause) {
    throw new Error(`${name()} failed: ${cause instanceof Error ? cause.message : cause}`, {
      cause,
    });
  }
}
