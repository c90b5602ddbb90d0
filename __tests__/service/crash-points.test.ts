// Each call of the service, while the connection to its store breaks before, in and after each call of the store.
import type { CrashCase } from "../helpers/crash/case.js";
import { CRASH_CASES } from "../helpers/crash/cases.js";
import { CONNECTION_LOST, type CrashPoint } from "../helpers/crash/store.js";
import { World } from "../helpers/crash/world.js";
import { forbidUnhandledRejections } from "../helpers/unhandled.js";

forbidUnhandledRejections();

/** The first round of a call, and a second one after another write has won. */
const ROUNDS = [1, 2];
const WRITES = ["fails", "lands", "is sent twice"] as const;
const RANDOM = ["secret", "salt", "hash", "hashes", "id"];

interface Try {
  world: World;
  /** What was stored right before the call, or after the write that won against it. */
  before: string | undefined;
}

/** Ready for the call, which a rival's write wins against in all rounds but the last. */
async function prepare({ start }: CrashCase, isEncrypted: boolean, round: number): Promise<Try> {
  const world = await World.create(start, isEncrypted);
  const { store, other } = world;
  const made: Try = { world, before: await store.sound.get("ada") };
  if (round === 1) return made;
  store.rival = async () => {
    await other.totp.beginLogin("ada", { mustEnroll: true });
    made.before = await store.sound.get("ada");
  };
  return made;
}

function makeCall({ call }: CrashCase, { world }: Try, point?: CrashPoint): Promise<unknown> {
  world.store.point = point;
  world.store.calls = [];
  world.rig.events.length = 0;
  return call(world).finally(() => {
    world.store.point = undefined;
  });
}

/** What is stored, without what is random. */
async function stored({ world }: Try): Promise<unknown> {
  const text = await world.store.sound.get("ada");
  if (text === undefined) return undefined;
  const { state } = world.totp.config.codec.decode("ada", text);
  const mask = (name: string, value: unknown) => {
    if (!RANDOM.includes(name)) return value;
    return Array.isArray(value) ? value.length : "random";
  };
  return JSON.parse(JSON.stringify(state, mask));
}

/** What is stored after calls that nothing happens to. */
async function storedAfter(each: CrashCase, isEncrypted: boolean, round: number, times = 1) {
  const made = await prepare(each, isEncrypted, round);
  for (let time = 0; time < times; time++) await makeCall(each, made);
  return stored(made);
}

const typesOf = ({ world }: Try) => world.rig.events.map(({ type }) => type);

/** The client's next try, with the outcome of this one or of one before that took effect. */
async function tryAgain(each: CrashCase, made: Try, hasLanded: boolean): Promise<void> {
  const expected = (hasLanded && each.again) || each;
  const last = await makeCall(each, made);
  expect(last).toMatchObject(expected.outcome as object);
  expect(typesOf(made)).toEqual(expected.events);
  await each.afterwards(made.world, last as Record<string, unknown>);
}

describe.each([
  ["in plain text", false],
  ["encrypted", true],
])("%s", (_, isEncrypted) => {
  const cases = CRASH_CASES.filter((each) => isEncrypted || !each.encryptedOnly);

  describe.each(cases)("$name", (each) => {
    const rounds = each.readsOnly ? [1] : ROUNDS;

    test.each(rounds)("calls the store as expected, in %i rounds", async (round) => {
      const made = await prepare(each, isEncrypted, round);
      expect(await makeCall(each, made)).toMatchObject(each.outcome as object);
      expect(typesOf(made)).toEqual(each.events);
      const ofRound = each.readsOnly ? ["get"] : ["get", "compareAndSet"];
      expect(made.world.store.calls).toEqual(Array(round).fill(ofRound).flat());
      expect((await made.world.store.sound.get("ada")) === made.before).toBe(!!each.readsOnly);
    });

    test.each(rounds)("read %i fails: nothing has happened", async (nth) => {
      const made = await prepare(each, isEncrypted, nth);
      const point = { step: "get", nth, ending: "fails" } as const;
      await expect(makeCall(each, made, point)).rejects.toBe(CONNECTION_LOST);
      expect(await made.world.store.sound.get("ada")).toBe(made.before);
      expect(typesOf(made)).toEqual([]);
      await tryAgain(each, made, false);
    });

    test.each(rounds)("the response is lost after %i rounds", async (round) => {
      const made = await prepare(each, isEncrypted, round);
      await makeCall(each, made);
      await tryAgain(each, made, true);
    });

    if (each.readsOnly) return;

    describe.each(WRITES)("a write %s", (ending) => {
      test.each(ROUNDS)("in round %i", async (nth) => {
        const made = await prepare(each, isEncrypted, nth);
        const point = { step: "compareAndSet", nth, ending } as const;
        const calling = makeCall(each, made, point);
        if (ending === "is sent twice") await expectSentTwice(calling, made, nth);
        else await expectFailed(calling, made, nth, ending === "lands");
      });
    });

    async function expectFailed(
      calling: Promise<unknown>,
      made: Try,
      round: number,
      hasLanded: boolean,
    ): Promise<void> {
      await expect(calling).rejects.toBe(CONNECTION_LOST);
      expect(typesOf(made)).toEqual([]);
      if (hasLanded) {
        expect(await stored(made)).toEqual(await storedAfter(each, isEncrypted, round));
      } else expect(await made.world.store.sound.get("ada")).toBe(made.before);
      await tryAgain(each, made, hasLanded);
    }

    /** The service reads its own write, and takes it for that of another call, or knows it. */
    async function expectSentTwice(calling: Promise<unknown>, made: Try, round: number) {
      const expected = (!each.knowsOwnWrite && each.again) || each;
      const outcome = await calling;
      expect(outcome).toMatchObject(expected.outcome as object);
      const ofChange = typesOf(made).filter((type) => type !== "verified");
      expect(ofChange).toEqual(expected.events.filter((type) => type !== "verified"));
      const times = each.addsUp ? 2 : 1;
      expect(await stored(made)).toEqual(await storedAfter(each, isEncrypted, round, times));
      await each.afterwards(made.world, outcome as Record<string, unknown>);
    }
  });
});
