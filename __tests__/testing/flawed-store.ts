import type { CompareAndSetOptions, TotpStore } from "express-totp-setup";

export interface Row {
  /** Undefined once it was deleted: a row outlives its value, as it does in an engine. */
  value: string | undefined;
  expiresAt: number;
  /** The very objects of the call, at which a sound store looks no more. */
  options: CompareAndSetOptions | undefined;
  date: Date | undefined;
}

/** The steps of a sound store, each of which can be done wrongly. */
export interface Steps {
  keyOf(user: string): string;
  keptOf(value: string): string;
  isSame(value: string | undefined, expected: string | undefined): boolean;
  isOver(row: Row): boolean;
  expiryOf(options: CompareAndSetOptions | undefined, before: Row | undefined): number;
}

const SOUND: Steps = {
  keyOf: (user) => user,
  keptOf: (value) => value,
  isSame: (value, expected) => value === expected,
  isOver: ({ expiresAt }) => expiresAt <= Date.now(),
  expiryOf: (options) => options?.expiresAt?.getTime() ?? Infinity,
};

/** A store that is sound but for the steps that are given. */
export function createFlawedStore(flaws: Partial<Steps> = {}, rows = new Map<string, Row>()) {
  const steps = { ...SOUND, ...flaws };
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

/** For the faults that lie in one of these steps. */
export const flawed = (flaws: Partial<Steps>) => () => () => createFlawedStore(flaws);

/** What a flaw adds to `compareAndSet`; `proceed` is the sound one. */
export type Around = (
  call: { user: string; expected?: string; next?: string; options?: CompareAndSetOptions },
  proceed: () => Promise<boolean>,
  store: ReturnType<typeof createFlawedStore>,
) => Promise<unknown>;

/** A store that is sound but for what is done around `compareAndSet`. */
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
