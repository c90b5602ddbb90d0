import { createFlawedStore, createStoreAround } from "../flawed-store.js";
import type { Fault } from "./fault.js";

export const DELETION_FAULTS: readonly Fault[] = [
  {
    fault: "answers true to a deletion and deletes nothing",
    build: () => () =>
      createStoreAround(async ({ user, expected, next }, proceed, store) =>
        next === undefined ? (await store.get(user)) === expected : proceed(),
      ),
    fails: [
      "deletes the expected value",
      "sets a value again after it was deleted",
      "takes user ids of any printable characters",
      "of parallel deletions, one wins",
      "of parallel replacements and deletions, one wins",
      "deletes a value whatever expiresAt comes with it",
    ],
    says: /deleted value must be gone.+gave "a" in place of undefined/s,
  },
  {
    fault: "deletes without comparing",
    build: () => () =>
      createStoreAround(async ({ user, next }, proceed, store) =>
        next === undefined
          ? store.compareAndSet(user, await store.get(user), next, undefined)
          : proceed(),
      ),
    fails: [
      "compareAndSet answers true or false, nothing like them",
      "replaces no value where there is none",
      "deletes no other value",
      "of parallel replacements and deletions, one wins",
    ],
    says: /refused to delete another value, it answered true/,
  },
  {
    fault: "lets nothing be set after a deletion",
    build: () => () => {
      const deleted = new Set<string>();
      return createStoreAround(async ({ user, next }, proceed) => {
        if (deleted.has(user)) return false;
        const won = await proceed();
        if (won && next === undefined) deleted.add(user);
        return won;
      });
    },
    fails: [
      "sets a value again after it was deleted",
      "deletes a value whatever expiresAt comes with it",
    ],
    says: /After a deletion there is no value/,
  },
  {
    fault: "deletes the values of all users at once",
    build: () => () => {
      const rows = new Map();
      return createStoreAround(
        async ({ next }, proceed) => {
          const won = await proceed();
          if (won && next === undefined) rows.clear();
          return won;
        },
        createFlawedStore({}, rows),
      );
    },
    fails: ["keeps users apart"],
    amongOthers: true,
    says: /deleted with another user's/,
  },
];
