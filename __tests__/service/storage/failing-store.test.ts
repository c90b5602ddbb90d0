import {
  createMemoryStore,
  generateKey,
  TotpCallbackError,
  type TotpService,
  type TotpStore,
  TotpTimeoutError,
} from "express-totp-setup";
import {
  begin,
  codeAt,
  createRig,
  type Enrolled,
  enroll,
  type Rig,
  threeCodes,
  VOUCHED,
  wrongCode,
} from "../../helpers/service.js";
import { forbidUnhandledRejections } from "../../helpers/unhandled.js";

forbidUnhandledRejections();

type Step = keyof TotpStore;
type Fault = (work: () => unknown) => unknown;

/** A memory store whose methods can be made to fail. */
function createBrittleStore(now: () => number) {
  const sound = createMemoryStore({ now });
  const faults: Partial<Record<Step, Fault>> = {};
  const calls: Record<Step, number> = { get: 0, compareAndSet: 0 };
  const call = (step: Step, args: unknown[]) => {
    calls[step]++;
    const work = () => (sound[step] as (...all: unknown[]) => unknown)(...args);
    return faults[step] ? faults[step](work) : work();
  };
  const store = {
    get: (...args: unknown[]) => call("get", args),
    compareAndSet: (...args: unknown[]) => call("compareAndSet", args),
  } as TotpStore;
  return { store, sound, faults, calls };
}

const KEYS = { current: { id: "new", key: generateKey() } };

let rig: Rig;
let brittle: ReturnType<typeof createBrittleStore>;
let enrolled: Enrolled;
let pending: string;

/** A user with all there can be: an enrollment, a second one pending, and a wrong code counted. */
beforeEach(async () => {
  brittle = createBrittleStore(() => rig.clock.time);
  rig = createRig({ store: brittle.store });
  enrolled = await enroll(rig, "ada");
  pending = await begin(rig, "ada", enrolled.backupCodes[0]);
  await rig.totp.verify("ada", wrongCode(rig.clock.time, enrolled.secret, pending));
  rig.events.length = 0;
});

/** The service, with little time for its store. */
function impatient(): TotpService {
  return createRig({ store: brittle.store, now: rig.clock.now, timeoutMs: 5 }).totp;
}

const codeOf = (secret: string) => codeAt(secret, rig.clock.time);

type Call = (totp: TotpService) => Promise<unknown>;
const CALLS: [name: string, call: Call, writes: boolean][] = [
  ["beginSetup", (totp) => totp.beginSetup("ada", VOUCHED), true],
  [
    "beginSetup with a code",
    (totp) => totp.beginSetup("ada", { proof: { code: codeOf(enrolled.secret) } }),
    true,
  ],
  ["confirm", (totp) => totp.confirm("ada", codeOf(pending)), true],
  [
    "confirm with a wrong code",
    (totp) => totp.confirm("ada", wrongCode(rig.clock.time, pending)),
    true,
  ],
  ["verify", (totp) => totp.verify("ada", codeOf(enrolled.secret)), true],
  [
    "verify with a backup code",
    (totp) => totp.verify("ada", String(enrolled.backupCodes[1])),
    true,
  ],
  [
    "verify with a wrong code",
    (totp) => totp.verify("ada", wrongCode(rig.clock.time, enrolled.secret)),
    true,
  ],
  [
    "verify with three codes",
    (totp) => totp.verify("ada", threeCodes(enrolled.secret, rig.clock.time + 90_000)),
    true,
  ],
  ["disable", (totp) => totp.disable("ada", VOUCHED), true],
  [
    "disable with a code",
    (totp) => totp.disable("ada", { proof: { code: codeOf(enrolled.secret) } }),
    true,
  ],
  ["regenerateBackupCodes", (totp) => totp.regenerateBackupCodes("ada", VOUCHED), true],
  ["unlock", (totp) => totp.unlock("ada"), true],
  ["resumeSetup", (totp) => totp.resumeSetup("ada", pending), false],
  ["status", (totp) => totp.status("ada"), false],
];
/** All but `reset`, which reads no value, are held to what a store may give. */
const ALL: typeof CALLS = [...CALLS, ["reset", (totp) => totp.reset("ada"), true]];
const ALL_WRITERS = ALL.filter(([, , writes]) => writes);

/** Everything is as it was, and works. */
async function expectNothingLost(before: string | undefined): Promise<void> {
  expect(await brittle.sound.get("ada")).toBe(before);
  expect(rig.events).toEqual([]);
  brittle.faults.get = brittle.faults.compareAndSet = undefined;
  const status = { isEnabled: true, backupCodesRemaining: 2 };
  expect(await rig.totp.status("ada")).toMatchObject(status);
  expect((await rig.totp.verify("ada", codeOf(enrolled.secret))).ok).toBe(true);
  expect((await rig.totp.verify("ada", String(enrolled.backupCodes[1]))).ok).toBe(true);
  expect((await rig.totp.confirm("ada", codeOf(pending))).ok).toBe(true);
}

const down = new Error("the database is down");
const FAILURES: [string, Fault][] = [
  [
    "throws",
    () => {
      throw down;
    },
  ],
  ["rejects", () => Promise.reject(down)],
  [
    "rejects later",
    async () => {
      await new Promise(setImmediate);
      throw down;
    },
  ],
];
const NEVER: Fault = () => new Promise(() => {});

describe.each(ALL)("%s", (_, call, writes) => {
  const steps: Step[] = writes ? ["get", "compareAndSet"] : ["get"];

  describe.each(steps)("if %s", (step) => {
    test.each(FAILURES)("%s, fails with that error, and nothing is lost", async (_how, fault) => {
      const before = await brittle.sound.get("ada");
      brittle.faults[step] = fault;
      await expect(call(rig.totp)).rejects.toBe(down);
      await expectNothingLost(before);
    });

    test("hangs, fails after timeoutMs, and nothing is lost", async () => {
      const before = await brittle.sound.get("ada");
      brittle.faults[step] = NEVER;
      const error = await call(impatient()).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(TotpTimeoutError);
      expect(error).toMatchObject({ status: 503, timeoutMs: 5, code: "CALLBACK_TIMEOUT" });
      await expectNothingLost(before);
    });
  });
});

test("a store that hangs is named", async () => {
  brittle.faults.get = NEVER;
  await expect(impatient().verify("ada", "123456")).rejects.toThrow(
    "store.get took longer than 5 ms (option timeoutMs). See",
  );
  brittle.faults = Object.assign(brittle.faults, { get: undefined, compareAndSet: NEVER });
  await expect(impatient().unlock("ada")).rejects.toThrow(
    "store.compareAndSet took longer than 5 ms (option timeoutMs). See",
  );
  await expect(impatient().beginSetup("ada", VOUCHED)).rejects.toThrow(/^store.compareAndSet /);
});

describe("a value that no store may return", () => {
  test.each([
    ["a number", 1, "1 (number)"],
    ["true", true, "true (boolean)"],
    ["false", false, "false (boolean)"],
    ["a Buffer", Buffer.from('{"version":1}'), "13 bytes (Buffer)"],
    ["an array", ['{"version":1}'], "an array of 1 elements"],
    ["parsed JSON", { version: 1, active: {} }, "an object with the keys version, active"],
    ["a boxed string", Object("text"), "an object"],
    ["a function", () => "text", "a function"],
  ])("%s", async (_, value, got) => {
    const before = await brittle.sound.get("ada");
    for (const [, call] of ALL) {
      brittle.faults.get = () => Promise.resolve(value);
      const error = await call(rig.totp).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(TotpCallbackError);
      expect(error).toMatchObject({
        callback: "store.get",
        expected: "the string that was stored, or undefined",
        got: expect.stringContaining(got),
      });
    }
    await expectNothingLost(before);
  });

  test.each([
    ["an empty string", ""],
    ["another text", "on"],
    ["half a value", '{"version":2,"active":{"secret":"'],
    ["a ciphertext", "totp1.one.AAAA"],
  ])("%s", async (_, value) => {
    const before = await brittle.sound.get("ada");
    const writesBefore = brittle.calls.compareAndSet;
    for (const [, call] of CALLS) {
      brittle.faults.get = () => value;
      await expect(call(rig.totp)).rejects.toMatchObject({ code: "UNREADABLE_STATE" });
    }
    expect(brittle.calls.compareAndSet).toBe(writesBefore);
    await expectNothingLost(before);
  });

  test("null is no value, as in databases", async () => {
    brittle.faults.get = () => null;
    expect(await rig.totp.status("ada")).toEqual({ isEnabled: false, backupCodesRemaining: 0 });
  });
});

describe("a result that no compareAndSet may have", () => {
  test.each([
    ["one, for a row", 1, "1 (number)"],
    ["zero", 0, "0 (number)"],
    ["nothing", undefined, "undefined"],
    ["null", null, "null"],
    ["the text true", "true", "a string of 4 characters"],
    ["the driver's result", { rowCount: 1, rows: [] }, "an object with the keys rowCount, rows"],
    ["a list", [true], "an array of 1 elements"],
    ["a boxed true", Object(true), "an object without keys (Boolean)"],
  ])("%s", async (_, answer, got) => {
    const before = await brittle.sound.get("ada");
    for (const [, call] of ALL_WRITERS) {
      brittle.faults.compareAndSet = () => Promise.resolve(answer);
      const error = await call(rig.totp).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(TotpCallbackError);
      expect(error).toMatchObject({
        callback: "store.compareAndSet",
        expected: "true or false",
        got,
      });
    }
    await expectNothingLost(before);
  });
});

describe("a write whose result is lost", () => {
  const LOST: Fault = async (work) => {
    await work();
    throw down;
  };

  test("uses up the code all the same: it was accepted for nobody, and works for nobody", async () => {
    for (const code of [codeOf(enrolled.secret), String(enrolled.backupCodes[1])]) {
      brittle.faults.compareAndSet = LOST;
      await expect(rig.totp.verify("ada", code)).rejects.toBe(down);
      brittle.faults.compareAndSet = undefined;
      expect(await rig.totp.verify("ada", code)).toMatchObject({ reason: "wrong_code" });
    }
  });

  test("counts the wrong code", async () => {
    await rig.totp.unlock("ada");
    brittle.faults.compareAndSet = LOST;
    for (let i = 0; i < 5; i++) {
      await rig.totp.verify("ada", wrongCode(rig.clock.time, enrolled.secret)).catch(() => {});
    }
    brittle.faults.compareAndSet = undefined;
    expect(await rig.totp.verify("ada", codeOf(enrolled.secret))).toMatchObject({
      reason: "locked",
    });
  });
});

describe("a write that succeeds although the store returns false", () => {
  const DENIED: Fault = async (work) => {
    await work();
    brittle.faults.compareAndSet = undefined;
    return false;
  };

  test("is recognized: a phone is confirmed, or replaced, once", async () => {
    const eve = await begin(rig, "eve");
    brittle.faults.compareAndSet = DENIED;
    expect((await rig.totp.confirm("ada", codeOf(pending))).ok).toBe(true);
    brittle.faults.compareAndSet = DENIED;
    expect((await rig.totp.confirm("eve", codeOf(eve))).ok).toBe(true);
    expect(rig.events.filter(({ type }) => type === "enabled")).toMatchObject([
      { userId: "ada", wasEnabled: true },
      { userId: "eve", wasEnabled: false },
    ]);
  });
});

describe("a store where another write always wins", () => {
  test.each(ALL_WRITERS)("%s gives up after a bounded number of rounds", async (_, call) => {
    const before = await brittle.sound.get("ada");
    brittle.calls.get = brittle.calls.compareAndSet = 0;
    brittle.faults.compareAndSet = () => false;
    const busy = { ok: false, reason: "busy", retryAfterSeconds: 1 };
    expect(await call(rig.totp)).toEqual(busy);
    expect(brittle.calls).toEqual({ get: 16, compareAndSet: 16 });
    await expectNothingLost(before);
  });

  test("so does reencrypt", async () => {
    const { totp } = createRig({
      store: brittle.store,
      encryption: { ...KEYS, acceptPlaintext: true },
    });
    brittle.faults.compareAndSet = () => false;
    expect(await totp.reencrypt("ada")).toMatchObject({ ok: false, reason: "busy" });
  });

  test.each(ALL_WRITERS)("%s does its work once if it wins at last", async (_, call) => {
    await call(rig.totp);
    const undisturbed = rig.events.map(({ type }) => type);
    await setUpAgain();
    let lost = 0;
    brittle.faults.compareAndSet = (work) => (lost++ < 7 ? false : work());
    expect(await call(rig.totp)).not.toMatchObject({ reason: "busy" });
    expect(rig.events.map(({ type }) => type)).toEqual(undisturbed);
  });

  async function setUpAgain(): Promise<void> {
    brittle = createBrittleStore(() => rig.clock.time);
    rig = createRig({ store: brittle.store });
    enrolled = await enroll(rig, "ada");
    pending = await begin(rig, "ada", enrolled.backupCodes[0]);
    await rig.totp.verify("ada", wrongCode(rig.clock.time, enrolled.secret, pending));
    rig.events.length = 0;
  }
});

test("a store may be synchronous", async () => {
  const values = new Map<string, string>();
  const store: TotpStore = {
    get: (userId) => values.get(userId),
    compareAndSet(userId, expected, next) {
      if (values.get(userId) !== expected) return false;
      if (next === undefined) values.delete(userId);
      else values.set(userId, next);
      return true;
    },
  };
  const plain = createRig({ store });
  const { secret } = await enroll(plain, "ada");
  expect((await plain.totp.verify("ada", codeAt(secret, plain.clock.time))).ok).toBe(true);
});
