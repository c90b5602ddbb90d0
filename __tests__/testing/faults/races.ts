import { setImmediate as tick } from "node:timers/promises";
import { type Around, createFlawedStore, createStoreAround, type Row } from "../flawed-store.js";
import type { Fault } from "./fault.js";

const SET = "one of many parallel writes sets a value";
const REPLACE = "one of many parallel writes replaces a value";
const DELETE = "one of many parallel deletions succeeds";
const MIXED = "one of many parallel replacements and deletions succeeds";
const COUNT = "parallel loops that read, increment, and write lose no increment";
const USERS = "parallel writes for different users all succeed";

type Call = Parameters<Around>[0];

/** Reads, waits, and then writes, whatever the value is by then. */
const inTwoSteps =
  (concerns: (call: Call) => boolean): Around =>
  async (call, proceed, store) => {
    if (!concerns(call)) return proceed();
    const { user, expected, next, options } = call;
    if ((await store.get(user)) !== expected) return false;
    await tick();
    return store.compareAndSet(user, await store.get(user), next, options).then(() => true);
  };

/** Runs one call at a time for each name, in two steps. */
function locking(nameOf: (call: Call) => string): Around {
  const locks = new Map<string, Promise<unknown>>();
  const twoSteps = inTwoSteps(() => true);
  return (call, proceed, store) => {
    const name = nameOf(call);
    const turn = (locks.get(name) ?? Promise.resolve()).then(() => twoSteps(call, proceed, store));
    locks.set(name, turn);
    return turn;
  };
}

/** Returns false instead of waiting. */
function refusingWhenBusy(nameOf: (call: Call) => string): Around {
  const busy = new Set<string>();
  return async (call, proceed) => {
    const name = nameOf(call);
    if (busy.has(name)) return false;
    busy.add(name);
    await tick();
    return proceed().finally(() => busy.delete(name));
  };
}

export const RACE_FAULTS: readonly Fault[] = [
  {
    fault: "looks whether there is a value, and then inserts",
    build: () => () => createStoreAround(inTwoSteps(({ expected }) => expected === undefined)),
    fails: [SET],
    says: /one atomic step.+Of 200 parallel calls of compareAndSet\(user, undefined, …\) on one store, 200 returned true/s,
  },
  {
    fault: "reads a value, and then replaces it",
    build: () => () => createStoreAround(inTwoSteps(({ expected, next }) => !!expected && !!next)),
    fails: [REPLACE, MIXED, COUNT],
    says: /one atomic step.+compareAndSet\(user, "before", …\) on one store, 200 returned true/s,
  },
  {
    fault: "reads a value, and then deletes it",
    build: () => () => createStoreAround(inTwoSteps(({ next }) => next === undefined)),
    fails: [DELETE, MIXED],
    says: /one atomic step/,
  },
  {
    fault: "locks replacements and deletions each by themselves",
    build: () => () => createStoreAround(locking(({ user, next }) => `${user} ${Boolean(next)}`)),
    fails: [MIXED],
    says: /one atomic step/,
  },
  {
    fault: "reads a number, and then replaces it",
    build: () => () =>
      createStoreAround(inTwoSteps(({ expected }) => /^\d+$/.test(expected ?? ""))),
    fails: [COUNT],
    says: /Updates were lost/,
  },
  {
    fault: "refuses while another call for the user is under way",
    build: () => () => createStoreAround(refusingWhenBusy(({ user }) => user)),
    fails: [COUNT],
    says: /returns false although the value is the expected one.+more often than others can have succeeded/s,
  },
  {
    fault: "refuses while any other call is under way",
    build: () => () => createStoreAround(refusingWhenBusy(() => "any")),
    fails: [COUNT, USERS],
    says: /returns false although the value is the expected one/,
  },
  {
    fault: "mixes up users under load",
    build: () => () => {
      let last = "";
      return createStoreAround(async ({ user, expected, next, options }, _, store) => {
        last = user;
        const current = await store.get(user);
        await tick();
        if (current !== expected) return false;
        return store.compareAndSet(last, await store.get(last), next, options);
      });
    },
    fails: [USERS],
    amongOthers: true,
    says: /were mixed up/,
  },
  {
    fault: "has locks in each process over an engine that they share",
    build: () => {
      const rows = new Map<string, Row>();
      return () =>
        createStoreAround(
          locking(({ user }) => user),
          createFlawedStore({}, rows),
        );
    },
    fails: [SET, REPLACE, DELETE, MIXED, COUNT],
    says: /one atomic step.+on two stores over one engine, \d+ returned true/s,
  },
];
