import { createFlawedStore, createStoreAround } from "../flawed-store.js";
import type { Fault } from "./fault.js";

export const BASIC_FAULTS: readonly Fault[] = [
  {
    fault: "gives null where there is no value",
    build: () => () => {
      const store = createFlawedStore();
      return { ...store, get: async (user) => (await store.get(user)) ?? (null as never) };
    },
    fails: ["get answers undefined where there is no value, not null"],
    says: /must answer undefined.+gave null\./s,
  },
  {
    fault: "reads rows by name that its client returns as arrays",
    build: () => () => {
      const store = createFlawedStore();
      const rowOf = async (user: string) => [await store.get(user)] as { totp?: string };
      return { ...store, get: async (user) => (await rowOf(user)).totp ?? undefined };
    },
    fails: ["get answers with the very string where there is a value"],
    amongOthers: true,
    says: /rows in another shape.+gave undefined in place of "a"/s,
  },
  {
    fault: "answers with the number of rows",
    build: () => () => createStoreAround(async (_, proceed) => Number(await proceed())),
    fails: ["compareAndSet answers true or false, nothing like them"],
    says: /must answer true.+have set a value, it answered 1 \(number\)\./s,
  },
  {
    fault: "gives an empty string where there is no value",
    build: () => () => {
      const store = createFlawedStore();
      return { ...store, get: async (user) => (await store.get(user)) ?? "" };
    },
    fails: ["a new user has no value"],
    amongOthers: true,
    says: /has no value\..+gave "" in place of undefined/s,
  },
  {
    fault: "sets nothing for a user that it has no row of",
    build: () => () => createStoreAround(async () => true),
    fails: ["sets a value where there is none"],
    amongOthers: true,
    says: /as soon as compareAndSet has answered true.+gave undefined in place of "a"/s,
  },
  {
    fault: "overwrites where it should only insert",
    build: () => () =>
      createFlawedStore({
        isSame: (value, expected) => expected === undefined || value === expected,
      }),
    fails: [
      "compareAndSet answers true or false, nothing like them",
      "sets no value where there is one",
      "of parallel writes that set a value, one wins",
    ],
    says: /refused to set a second value, it answered true/,
  },
  {
    fault: "keeps the first value for ever",
    build: () => () => {
      const first = new Map<string, string>();
      return createStoreAround(({ user, next }, proceed) => {
        if (next !== undefined && !first.has(user)) first.set(user, next);
        return first.get(user) === next || next === undefined ? proceed() : Promise.resolve(true);
      });
    },
    fails: ["replaces the expected value"],
    amongOthers: true,
    says: /must see the new value.+gave "a" in place of "b"/s,
  },
  {
    fault: "compares with any value that there ever was",
    build: () => () => {
      const ever = new Map<string, Set<string | undefined>>();
      return createStoreAround(async ({ user, expected, next, options }, _, store) => {
        const former = ever.get(user) ?? new Set([undefined]);
        if (!former.has(expected)) return false;
        ever.set(user, former.add(next));
        return store.compareAndSet(user, await store.get(user), next, options);
      });
    },
    fails: ["replaces no other value"],
    amongOthers: true,
    says: /only where it is the expected one.+"a", "d"\) answered true/s,
  },
  {
    fault: "counts the rows that changed",
    build: () => () =>
      createStoreAround(({ expected, next }, proceed) =>
        expected === next ? Promise.resolve(false) : proceed(),
      ),
    fails: ["replaces a value by itself"],
    says: /count the rows that matched.+"a", "a"\) answered false/s,
  },
  {
    fault: "inserts where it should only replace",
    build: () => () =>
      createStoreAround(async ({ user, next, options }, proceed, store) => {
        const isUpsert = next !== undefined && (await store.get(user)) === undefined;
        return isUpsert ? store.compareAndSet(user, undefined, next, options) : proceed();
      }),
    fails: [
      "replaces no value where there is none",
      "of parallel replacements and deletions, one wins",
    ],
    says: /none can be the expected one/,
  },
  {
    fault: "has one value for all users",
    build: () => () => createFlawedStore({ keyOf: () => "totp" }),
    fails: ["keeps users apart"],
    amongOthers: true,
    says: /seen at another user/,
  },
];
