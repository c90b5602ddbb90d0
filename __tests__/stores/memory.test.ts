import { createMemoryStore, type MemoryStoreOptions, type TotpStore } from "express-totp-setup";
import { testTotpStore } from "express-totp-setup/testing";
import { kitRunner } from "../helpers/kit-runner.js";

testTotpStore(kitRunner, () => createMemoryStore());

/** A store whose time stands still until it is moved. */
function createSteeredStore() {
  const clock = { now: 0 };
  return { clock, store: createMemoryStore({ now: () => clock.now }) };
}

const at = (time: number) => ({ expiresAt: new Date(time) });

/** Who is still in memory: put back, the clock brings whatever was not removed to life again. */
async function inMemory(
  { clock, store }: ReturnType<typeof createSteeredStore>,
  users: readonly string[],
): Promise<string[]> {
  const { now } = clock;
  clock.now = 0;
  const values = await Promise.all(users.map((user) => store.get(user)));
  clock.now = now;
  return users.filter((_, index) => values[index] !== undefined);
}

const usersOf = (count: number) => Array.from({ length: count }, (_, index) => `user ${index}`);

/** Writes for a user whose value stays. */
async function writeElsewhere(store: TotpStore, times: number): Promise<void> {
  for (let write = 0; write < times; write++) {
    const before = await store.get("elsewhere");
    expect(await store.compareAndSet("elsewhere", before, `write ${write}`)).toBe(true);
  }
}

describe("expiry", () => {
  test("is at the very millisecond", async () => {
    const { clock, store } = createSteeredStore();
    await store.compareAndSet("ada", undefined, "a", at(1000));
    clock.now = 999;
    expect(await store.get("ada")).toBe("a");
    expect(await store.compareAndSet("ada", undefined, "b")).toBe(false);
    clock.now = 1000;
    expect(await store.compareAndSet("ada", "a", "b")).toBe(false);
    expect(await store.get("ada")).toBeUndefined();
    expect(await store.compareAndSet("ada", undefined, "b")).toBe(true);
    clock.now = 8.64e15;
    expect(await store.get("ada")).toBe("b");
  });

  test("is told by a clock of Dates too", async () => {
    let now = new Date(0);
    const store = createMemoryStore({ now: () => now });
    await store.compareAndSet("ada", undefined, "a", at(1000));
    expect(await store.get("ada")).toBe("a");
    now = new Date(1000);
    expect(await store.get("ada")).toBeUndefined();
  });

  test("by a clock that is broken stops the call, and changes nothing", async () => {
    const { clock, store } = createSteeredStore();
    await store.compareAndSet("ada", undefined, "a");
    clock.now = Number.NaN;
    await expect(store.get("ada")).rejects.toThrow(/^now: expected/);
    await expect(store.compareAndSet("ada", "a", "b")).rejects.toThrow(/^now: expected/);
    clock.now = 0;
    expect(await store.get("ada")).toBe("a");
  });
});

describe("memory", () => {
  test("is free of what has expired after as many writes as there are users", async () => {
    const steered = createSteeredStore();
    const users = usersOf(1000);
    for (const user of users) await steered.store.compareAndSet(user, undefined, "a", at(1000));
    steered.clock.now = 1000;
    expect(await inMemory(steered, users)).toEqual(users);
    await writeElsewhere(steered.store, users.length);
    expect(await inMemory(steered, users)).toEqual([]);
  });

  test("is free of what has expired when it is read", async () => {
    const steered = createSteeredStore();
    await steered.store.compareAndSet("ada", undefined, "a", at(1000));
    steered.clock.now = 1000;
    await steered.store.get("ada");
    expect(await inMemory(steered, ["ada"])).toEqual([]);
  });

  test("holds a steady flow of users who begin and never confirm, not all who ever began", async () => {
    const steered = createSteeredStore();
    const users = usersOf(20_000);
    for (const user of users) {
      const lifetime = 100;
      await steered.store.compareAndSet(user, undefined, "a", at(steered.clock.now + lifetime));
      steered.clock.now++;
    }
    // A hundred have not expired; as many more are yet to be swept, at most.
    expect((await inMemory(steered, users)).length).toBeLessThanOrEqual(200);
  });

  test("keeps what stays, and what is yet to expire, through every sweep", async () => {
    const steered = createSteeredStore();
    const users = usersOf(1000);
    for (const [index, user] of users.entries())
      await steered.store.compareAndSet(
        user,
        undefined,
        user,
        [undefined, at(1), at(2)][index % 3],
      );
    steered.clock.now = 1;
    await writeElsewhere(steered.store, 3 * users.length);
    for (const [index, user] of users.entries())
      expect(await steered.store.get(user)).toBe(index % 3 === 1 ? undefined : user);
  });
});

test("two stores share nothing", async () => {
  const [one, other] = [createMemoryStore(), createMemoryStore()];
  await one.compareAndSet("ada", undefined, "a");
  expect(await other.get("ada")).toBeUndefined();
});

test.each<[RegExp, unknown]>([
  [/^clock: unknown option. Expected one of the options now/, { clock: Date.now }],
  [/^now: expected a function/, { now: 0 }],
  [/^createMemoryStore: expected an object of options/, null],
])("options are checked: %s", (message, options) => {
  expect(() => createMemoryStore(options as MemoryStoreOptions)).toThrow(message);
});
