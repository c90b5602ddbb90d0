import { createFlawedStore, createStoreAround } from "../flawed-store.js";
import type { Fault } from "./fault.js";

export const BASIC_FAULTS: readonly Fault[] = [
  {
    fault: "gives null where there is no value",
    build: () => () => {
      const store = createFlawedStore();
      return { ...store, get: async (user) => (await store.get(user)) ?? (null as never) };
    },
    fails: ["get returns undefined, not null, if there is no value"],
    says: /must return undefined.+returned null\./s,
  },
  {
    fault: "reads rows by name that its client returns as arrays",
    build: () => () => {
      const store = createFlawedStore();
      const rowOf = async (user: string) => [await store.get(user)] as { totp?: string };
      return { ...store, get: async (user) => (await rowOf(user)).totp ?? undefined };
    },
    fails: ["get returns the same string that was set"],
    amongOthers: true,
    says: /rows in another shape.+returned undefined instead of "a"/s,
  },
  {
    fault: "answers with the number of rows",
    build: () => () => createStoreAround(async (_, proceed) => Number(await proceed())),
    fails: ["compareAndSet returns true or false, and nothing else"],
    says: /must return true.+have set a value, it returned 1 \(number\)\./s,
  },
  {
    fault: "gives an empty string where there is no value",
    build: () => () => {
      const store = createFlawedStore();
      return { ...store, get: async (user) => (await store.get(user)) ?? "" };
    },
    fails: ["a new user has no value"],
    amongOthers: true,
    says: /has no value\..+returned "" instead of undefined/s,
  },
  {
    fault: "sets nothing for a user that it has no row of",
    build: () => () => createStoreAround(async () => true),
    fails: ["sets a value if there is none"],
    amongOthers: true,
    says: /as soon as compareAndSet has returned true.+returned undefined instead of "a"/s,
  },
  {
    fault: "overwrites where it should only insert",
    build: () => () =>
      createFlawedStore({
        isSame: (value, expected) => expected === undefined || value === expected,
      }),
    fails: [
      "compareAndSet returns true or false, and nothing else",
      "does not set a value if there is one",
      "one of many parallel writes sets a value",
    ],
    says: /refused to set a second value, it returned true/,
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
    says: /must see the new value.+returned "a" instead of "b"/s,
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
    fails: ["does not replace another value"],
    amongOthers: true,
    says: /only if it is the expected one.+"a", "d"\) returned true/s,
  },
  {
    fault: "counts the rows that changed",
    build: () => () =>
      createStoreAround(({ expected, next }, proceed) =>
        expected === next ? Promise.resolve(false) : proceed(),
      ),
    fails: ["replaces a value with itself"],
    says: /count the rows that matched.+"a", "a"\) returned false/s,
  },
  {
    fault: "inserts where it should only replace",
    build: () => () =>
      createStoreAround(async ({ user, next, options }, proceed, store) => {
        const isUpsert = next !== undefined && (await store.get(user)) === undefined;
        return isUpsert ? store.compareAndSet(user, undefined, next, options) : proceed();
      }),
    fails: [
      "does not replace a value if there is none",
      "one of many parallel replacements and deletions succeeds",
    ],
    says: /must not find the expected one/,
  },
  {
    fault: "has one value for all users",
    build: () => () => createFlawedStore({ keyOf: () => "totp" }),
    fails: ["keeps users apart"],
    amongOthers: true,
    says: /has another user's value/,
  },
];
