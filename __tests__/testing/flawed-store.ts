import type { CompareAndSetOptions, TotpStore } from "express-totp-setup";

export interface Row {
  /** Undefined after a deletion: as in some engines, the row remains. */
  value: string | undefined;
  expiresAt: number;
  /** The objects of the call, which a correct store does not read again. */
  options: CompareAndSetOptions | undefined;
  date: Date | undefined;
}

/** The steps of a correct store, each of which can be replaced by a wrong one. */
export interface Steps {
  keyOf(user: string): string;
  keptOf(value: string): string;
  isSame(value: string | undefined, expected: string | undefined): boolean;
  isOver(row: Row): boolean;
  expiryOf(options: CompareAndSetOptions | undefined, before: Row | undefined): number;
}

const CORRECT: Steps = {
  keyOf: (user) => user,
  keptOf: (value) => value,
  isSame: (value, expected) => value === expected,
  isOver: ({ expiresAt }) => expiresAt <= Date.now(),
  expiryOf: (options) => options?.expiresAt?.getTime() ?? Infinity,
};

/** Creates a store in which the given steps are wrong. */
export function createFlawedStore(flaws: Partial<Steps> = {}, rows = new Map<string, Row>()) {
  const steps = { ...CORRECT, ...flaws };
  const liveValue = (row: Row | undefined) => (row && !steps.isOver(row) ? row.value : undefined);
  const store = {
    async get(user) {
      return liveValue(rows.get(steps.keyOf(user)));
    },
    async compareAndSet(user, expected, next, options) {
      const key = steps.keyOf(user);
      const before = rows.get(key);
      if (!steps.isSame(liveValue(before), expected)) return false;
      const expiresAt = steps.expiryOf(options, before);
      const value = next === undefined ? undefined : steps.keptOf(next);
      rows.set(key, { value, expiresAt, options, date: options?.expiresAt });
      return true;
    },
  } satisfies TotpStore;
  return store;
}

/** Returns the builder of a fault in one of these steps. */
export const flawed = (flaws: Partial<Steps>) => () => () => createFlawedStore(flaws);

/** Wraps `compareAndSet`. `proceed` is the correct one. */
export type Around = (
  call: { user: string; expected?: string; next?: string; options?: CompareAndSetOptions },
  proceed: () => Promise<boolean>,
  store: ReturnType<typeof createFlawedStore>,
) => Promise<unknown>;

/** Creates a store with a wrapped `compareAndSet`. */
export function createStoreAround(around: Around, store = createFlawedStore()): TotpStore {
  return {
    get: store.get,
    compareAndSet: (user, expected, next, options) =>
      around(
        { user, expected, next, options },
        () => store.compareAndSet(user, expected, next, options),
        store,
      ) as Promise<boolean>,
  };
}
