import { CLOCK_OPTION, type Clock, readClock } from "../base/clock.js";
import { type OptionTable, resolveOptions } from "../base/options.js";
import type { TotpStore } from "./store.js";

/** Options of {@link createMemoryStore}. */
export interface MemoryStoreOptions {
  /**
   * Tells the time, for what expires. Where a test steers the clock of a service, its store needs the same one.
   *
   * @default Date.now
   */
  now?: Clock | undefined;
}

export const MEMORY_STORE_OPTIONS = {
  now: CLOCK_OPTION,
} satisfies OptionTable<MemoryStoreOptions>;

interface Entry {
  value: string;
  /** Milliseconds since 1970; Infinity for what stays. */
  expiresAt: number;
}

/**
 * Makes a store in the memory of this process: for tests, demos, and apps of one process that may forget
 * every enrollment at a restart.
 *
 * @example
 * ```ts
 * const totp = createTotpService({ store: createMemoryStore(), issuer: "Acme" });
 * ```
 */
export function createMemoryStore(options: MemoryStoreOptions = {}): TotpStore {
  const { now } = resolveOptions("createMemoryStore", MEMORY_STORE_OPTIONS, options);
  const entries = new Map<string, Entry>();
  const sweep = createSweeper(entries);

  function read(userId: string): string | undefined {
    const entry = entries.get(userId);
    if (entry && entry.expiresAt > readClock(now)) return entry.value;
    entries.delete(userId);
    return undefined;
  }

  return {
    async get(userId) {
      return read(userId);
    },
    async compareAndSet(userId, expected, next, { expiresAt } = {}) {
      if (read(userId) !== expected) return false;
      sweep(readClock(now));
      if (next === undefined) entries.delete(userId);
      else entries.set(userId, { value: next, expiresAt: expiresAt?.getTime() ?? Infinity });
      return true;
    },
  };
}

/**
 * Looks at two entries a write, round and round: what has expired is gone after as many writes as there
 * are users at most, and no write ever waits for a sweep of all.
 */
function createSweeper(entries: Map<string, Entry>): (now: number) => void {
  let cursor = entries.entries();
  return (now) => {
    for (let looked = 0; looked < 2; looked++) {
      const { done, value } = cursor.next();
      if (done) {
        cursor = entries.entries();
        return;
      }
      if (value[1].expiresAt <= now) entries.delete(value[0]);
    }
  };
}
