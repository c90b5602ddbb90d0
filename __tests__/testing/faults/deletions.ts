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
      "accepts user ids with any printable characters",
      "one of many parallel deletions succeeds",
      "one of many parallel replacements and deletions succeeds",
      "deletes a value whatever its expiresAt is",
    ],
    says: /deleted value must be gone.+returned "a" instead of undefined/s,
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
      "compareAndSet returns true or false, and nothing else",
      "does not replace a value if there is none",
      "does not delete another value",
      "one of many parallel replacements and deletions succeeds",
    ],
    says: /refused to delete another value, it returned true/,
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
    fails: ["sets a value again after it was deleted", "deletes a value whatever its expiresAt is"],
    says: /After a deletion, there is no value/,
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
