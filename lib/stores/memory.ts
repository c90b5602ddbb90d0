import { CLOCK_OPTION, type Clock, readClock } from "../base/clock.js";
import { type OptionTable, resolveOptions } from "../base/options.js";
import type { TotpStore } from "./store.js";

/**
 * Options of {@link createMemoryStore}.
 *
 * @example
 * ```ts
 * const now = () => new Date("2026-01-01");
 * const options: MemoryStoreOptions = { now };
 * const totp = createTotpService({ store: createMemoryStore(options), issuer: "Acme", now });
 * ```
 */
export interface MemoryStoreOptions {
  /**
   * Clock, for tests. Use the same one for the service.
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
  /** Milliseconds since 1970; Infinity for a value that does not expire. */
  expiresAt: number;
}

/**
 * Creates a store in the memory of this process, for tests and demos. A restart removes every enrollment.
 *
 * @throws {@link TotpConfigError} if an option is unknown or invalid.
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
 * Checks two entries on each write, in turn. An expired entry is removed after at most as many writes as there are
 * users, and no write has to check all entries.
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
