import { createMemoryStore, type TotpStore } from "express-totp-setup";
import type { TotpStoreTestOptions } from "express-totp-setup/testing";

const isFaulty = Boolean(process.env.FAULTY_STORE);

/** The memory store, or one that writes in two steps if FAULTY_STORE is set. */
export function createStore(): TotpStore {
  const store = createMemoryStore();
  if (!isFaulty) return store;
  return {
    ...store,
    async compareAndSet(user, expected, next, options) {
      if ((await store.get(user)) !== expected) return false;
      await new Promise(setImmediate);
      return store.compareAndSet(user, await store.get(user), next, options);
    },
  };
}

/** The checks that find the faulty store do not wait. */
export const options: TotpStoreTestOptions = { expires: !isFaulty };
