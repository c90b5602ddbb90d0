import { createMemoryStore } from "express-totp-setup";
import type { TotpState } from "../../../lib/service/machine/state.js";
import { createCodec } from "../../../lib/service/storage/codec.js";
import { readState, removeState, updateState } from "../../../lib/service/storage/loop.js";
import { encodeState } from "../../../lib/service/storage/state-text.js";
import { active, counted, logins, pending } from "../../helpers/machine-states.js";
import { START } from "../../helpers/service.js";

const HOUR = 3_600_000;

function createStorage() {
  const store = createMemoryStore({ now: () => START });
  return {
    storage: { store, codec: createCodec(undefined), timeoutMs: 1000 },
    get: jest.spyOn(store, "get"),
    compareAndSet: jest.spyOn(store, "compareAndSet"),
  };
}

const put = (state: TotpState) => () => ({ state, outcome: "done", events: [] });

describe("a value expires an hour after everything in it", () => {
  const lockedUntil = START + 20 * HOUR;
  test.each<[string, TotpState, number]>([
    ["a pending setup", { pending }, START + 600_000],
    ["a lockout", { lockout: counted }, counted.allowanceUsedUntil],
    ["a lock that is longer", { lockout: { ...counted, lockedUntil } }, lockedUntil],
    ["a login", { logins }, START + 300_000],
    ["the last of them", { pending, lockout: counted, logins }, START + 600_000],
  ])("%s", async (_, state, end) => {
    const { storage, compareAndSet } = createStorage();
    await updateState(storage, "ada", put(state));
    const expiresAt = new Date(end + HOUR);
    expect(compareAndSet.mock.calls).toEqual([
      ["ada", undefined, encodeState(state), { expiresAt, isEnabled: false }],
    ]);
  });

  test("and never if TOTP is on", async () => {
    const { storage, compareAndSet } = createStorage();
    await updateState(storage, "ada", put({ active, pending, lockout: counted }));
    expect(compareAndSet.mock.calls[0]?.[3]).toEqual({ expiresAt: undefined, isEnabled: true });
  });
});

test("nothing is written if the state stays the same", async () => {
  const { storage, compareAndSet } = createStorage();
  await updateState(storage, "ada", put({ active }));
  compareAndSet.mockClear();
  const transition = await updateState(storage, "ada", (state) => ({ state, outcome: "same" }));
  expect(transition).toMatchObject({ outcome: "same", state: { active } });
  expect(compareAndSet).not.toHaveBeenCalled();
});

test("a state of nothing removes the value", async () => {
  const { storage, compareAndSet } = createStorage();
  await updateState(storage, "ada", put({ active }));
  await updateState(storage, "ada", put({}));
  expect(await storage.store.get("ada")).toBeUndefined();
  expect(await readState(storage, "ada")).toMatchObject({ state: {} });
  expect(compareAndSet.mock.calls[1]?.[3]).toEqual({ isEnabled: false });
});

test("a lost write is applied again, to what the other write has left", async () => {
  const { storage, compareAndSet } = createStorage();
  const seen: TotpState[] = [];
  compareAndSet.mockImplementationOnce(async () => {
    await storage.store.compareAndSet("ada", undefined, encodeState({ pending }) as string);
    return false;
  });
  const transition = await updateState(storage, "ada", (state) => {
    seen.push(state);
    return { state: { ...state, active }, outcome: seen.length, events: [] };
  });
  expect(seen).toEqual([{}, { pending }]);
  expect(transition.outcome).toBe(2);
  expect((await readState(storage, "ada")).state).toEqual({ active, pending });
});

test("a value is removed without being read, also one that changes meanwhile", async () => {
  const { storage, get } = createStorage();
  await storage.store.compareAndSet("ada", undefined, "damaged");
  get.mockResolvedValueOnce("something else");
  expect(await removeState(storage, "ada")).toEqual({ ok: true, changed: true });
  expect(await storage.store.get("ada")).toBeUndefined();
  expect(await removeState(storage, "ada")).toEqual({ ok: true, changed: false });
});
