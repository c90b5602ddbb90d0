import type { TotpStore } from "express-totp-setup";
import { testTotpStore } from "express-totp-setup/testing";
import { createFlawedStore } from "./flawed-store.js";
import { failuresOf, record } from "./recording-runner.js";

const createStore = () => createFlawedStore();
const FAR_FROM_EXPIRY = { expires: false, parallel: 10 };

/** Creates a store in a column of a users table: users must exist, and their ids are numbers. */
function createUsersTable() {
  const users: (string | undefined)[] = [];
  const rowOf = (user: string) => {
    if (!(Number(user) in users)) throw new Error("no such user");
    return Number(user);
  };
  const store: TotpStore = {
    get: async (user) => users[rowOf(user)],
    async compareAndSet(user, expected, next) {
      if (users[rowOf(user)] !== expected) return false;
      users[rowOf(user)] = next;
      return true;
    },
  };
  return { store, createUser: async () => String(users.push(undefined) - 1) };
}

test("each check has a long timeout", () => {
  const describe = jest.fn((_: string, define: () => void) => define());
  const it = jest.fn();
  testTotpStore({ describe, it }, createStore);
  expect(describe).toHaveBeenCalledTimes(1);
  expect(describe).toHaveBeenCalledWith("TotpStore", expect.any(Function));
  expect(it.mock.calls.length).toBeGreaterThan(50);
  for (const call of it.mock.calls)
    expect(call).toEqual([expect.any(String), expect.any(Function), 60_000]);
});

test("the timeout is also set through `this`, as Mocha requires", async () => {
  const [check] = record(createStore).values();
  const timeout = jest.fn();
  await check?.call({ timeout });
  expect(timeout).toHaveBeenCalledWith(60_000);
  await check?.call({ timeout: 5 });
});

test("createStore can be asynchronous, and its store synchronous", async () => {
  const values = new Map<string, string | undefined>();
  const store: TotpStore = {
    get: (user) => values.get(user),
    compareAndSet(user, expected, next) {
      if (values.get(user) !== expected) return false;
      values.set(user, next);
      return true;
    },
  };
  expect(await failuresOf(async () => store, FAR_FROM_EXPIRY)).toEqual({});
});

test("a store can contain values of earlier runs", async () => {
  const store = createFlawedStore();
  await store.compareAndSet("__proto__", undefined, "left", undefined);
  expect(await failuresOf(() => store, FAR_FROM_EXPIRY)).toEqual({});
  expect(await failuresOf(() => store, FAR_FROM_EXPIRY)).toEqual({});
});

test("with expires: false, values need not expire", async () => {
  const never = () => createFlawedStore({ isOver: () => false });
  expect(await failuresOf(never, { expires: false })).toEqual({});
  const left = record(createStore, { expires: false });
  const all = record(createStore);
  expect([...all.keys()].filter((name) => !left.has(name))).toHaveLength(8);
});

test("createUser creates the users of a store that accepts no unusual ids", async () => {
  const { store, createUser } = createUsersTable();
  expect(await failuresOf(() => store, { ...FAR_FROM_EXPIRY, createUser })).toEqual({});
  const failures = await failuresOf(() => store, FAR_FROM_EXPIRY);
  expect(Object.keys(failures)).toHaveLength(record(createStore, FAR_FROM_EXPIRY).size);
  const names = [...record(createStore, { createUser }).keys()];
  expect(names.filter((name) => /\bids?\b/.test(name))).toEqual([]);
});

test("createUser must return ids", async () => {
  const createUser = () => 7 as unknown as string;
  const failures = await failuresOf(createStore, { ...FAR_FROM_EXPIRY, createUser });
  const message = "createUser: expected the id as a string, got 7 (number).";
  expect(new Set(Object.values(failures))).toEqual(new Set([message]));
});

test("parallel is the number of calls that race", async () => {
  let most = 0;
  let underWay = 0;
  const counting = () => {
    const store = createFlawedStore();
    const compareAndSet: TotpStore["compareAndSet"] = async (...call) => {
      most = Math.max(most, ++underWay);
      await new Promise(setImmediate);
      underWay--;
      return store.compareAndSet(call[0], call[1], call[2], call[3]);
    };
    return { ...store, compareAndSet };
  };
  const races = record(counting, { parallel: 37 });
  await races.get("one of many parallel writes sets a value")?.();
  expect(most).toBe(37);
});

test.each<[string, unknown]>([
  ["undefined", undefined],
  ["an object with the keys get", { get: () => "" }],
])("createStore has to give stores, not %s", async (got, store) => {
  const failures = await failuresOf(() => store as TotpStore, FAR_FROM_EXPIRY);
  const expected = "createStore: expected an object with the methods get and compareAndSet";
  expect(new Set(Object.values(failures))).toEqual(new Set([`${expected}, got ${got}.`]));
});

test("an error of the store is the cause of one that names the call", async () => {
  const cause = new Error("connect ECONNREFUSED");
  const store: TotpStore = {
    get: () => Promise.reject(cause),
    compareAndSet() {
      throw cause;
    },
  };
  const checks = record(() => store);
  await expect(checks.get("a new user has no value")?.()).rejects.toMatchObject({
    message: expect.stringMatching(/^get\("user-[\da-f-]{36}"\) failed: connect ECONNREFUSED$/),
    cause,
  });
  await expect(checks.get("sets a value if there is none")?.()).rejects.toMatchObject({
    message: expect.stringMatching(/^compareAndSet\("user-.+", undefined, "a"\) failed: connect/),
    cause,
  });
});
