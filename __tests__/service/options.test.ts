import {
  createMemoryStore,
  createTotpService,
  generateKey,
  TotpConfigError,
  type TotpServiceOptions,
} from "express-totp-setup";
import { begin, codeAt, createRig, enroll, lock, START, VOUCHED } from "../helpers/service.js";
import { thrownBy } from "../helpers/thrown-by.js";

const store = createMemoryStore();
const KEY = generateKey();
const KEYS = { current: { id: "one", key: KEY } };

/** Options as JavaScript can give them. */
type Given = { [Name in keyof TotpServiceOptions]: unknown };

function create(options: Given | Record<string, unknown>) {
  return createTotpService({ store, ...options } as TotpServiceOptions);
}

const MISSING = "MISSING_OPTION";
const INVALID = "INVALID_OPTION";
const UNKNOWN = "UNKNOWN_OPTION";

test.each<[code: string, option: string, options: Record<string, unknown>]>([
  [MISSING, "store", { store: undefined }],
  [INVALID, "store", { store: null }],
  [INVALID, "store", { store: {} }],
  [INVALID, "store", { store: { get() {} } }],
  [INVALID, "store", { store: { get: true, compareAndSet: true } }],
  [INVALID, "store", { store: new Map() }],
  [INVALID, "issuer", { issuer: "" }],
  [INVALID, "issuer", { issuer: "a:b" }],
  [INVALID, "issuer", { issuer: null }],
  [INVALID, "accountName", { accountName: "ada" }],
  [INVALID, "onEvent", { onEvent: "log" }],
  [INVALID, "onEvent", { onEvent: null }],
  [INVALID, "window", { window: -1 }],
  [INVALID, "window", { window: 3 }],
  [INVALID, "window", { window: "1" }],
  [INVALID, "window", { window: 0.5 }],
  [INVALID, "digits", { digits: 7 }],
  [INVALID, "algorithm", { algorithm: "md5" }],
  [INVALID, "period", { period: 10 }],
  [INVALID, "secretBytes", { secretBytes: 8 }],
  [INVALID, "pendingSeconds", { pendingSeconds: 0 }],
  [INVALID, "timeoutMs", { timeoutMs: 0 }],
  [INVALID, "now", { now: START }],
  [INVALID, "qrCode", { qrCode: "gif" }],
  [INVALID, "backupCodes", { backupCodes: true }],
  [INVALID, "backupCodes.count", { backupCodes: { count: 0 } }],
  [INVALID, "backupCodes.count", { backupCodes: { count: 21 } }],
  [INVALID, "backupCodes", { backupCodes: null }],
  [INVALID, "backupCodes", { backupCodes: 10 }],
  [INVALID, "backupCodes.length", { backupCodes: { length: 10 } }],
  [INVALID, "backupCodes.length", { backupCodes: { length: 32 } }],
  [INVALID, "backupCodes.length", { backupCodes: { length: "16" } }],
  [INVALID, "trustedDeviceDays", { trustedDeviceDays: 0 }],
  [INVALID, "trustedDeviceDays", { trustedDeviceDays: 366 }],
  // Keys that failed to load must not turn encryption off.
  [INVALID, "encryption", { encryption: null }],
  [INVALID, "encryption", { encryption: "" }],
  [INVALID, "encryption", { encryption: false }],
  [INVALID, "encryption", { encryption: KEY }],
  [INVALID, "encryption", { encryption: [] }],
  [INVALID, "encryption.current", { encryption: {} }],
  [INVALID, "encryption.acceptPlaintext", { encryption: { ...KEYS, acceptPlaintext: "no" } }],
  [INVALID, "encryption.acceptPlaintext", { encryption: { ...KEYS, acceptPlaintext: null } }],
  [INVALID, "encryption.current.key", { encryption: { current: { id: "a", key: "short" } } }],
  [INVALID, "encryption.previous", { encryption: { ...KEYS, previous: {} } }],
  [INVALID, "encryption.previous[0].key", { encryption: { ...KEYS, previous: [{ id: "b" }] } }],
])("%s %s: %j", (code, option, options) => {
  const error = thrownBy(() => create(options));
  expect(error).toBeInstanceOf(TotpConfigError);
  expect(error).toMatchObject({ code, option });
  expect(error.message).toMatch(
    new RegExp(`^${option.replace(/[.[\]]/g, "\\$&")}: expected .+, got .+\\.`),
  );
  expect(error.message).not.toContain(KEY);
});

test.each<[option: string, meant: string, options: Record<string, unknown>]>([
  ["stores", "store", { stores: store }],
  ["Issuer", "issuer", { Issuer: "Acme" }],
  ["backupcodes", "backupCodes", { backupcodes: {} }],
  ["backupCodes.Count", "count", { backupCodes: { Count: 3 } }],
  ["encryption.acceptPlain", "acceptPlaintext", { encryption: { ...KEYS, acceptPlain: false } }],
  ["encryption.currant", "current", { encryption: { currant: KEYS.current } }],
  ["encryption.current.Id", "id", { encryption: { current: { ...KEYS.current, Id: 1 } } }],
  ["encryption.previous[0].keys", "key", { encryption: { ...KEYS, previous: [{ keys: KEY }] } }],
])("%s is unknown, and %s was probably meant", (option, meant, options) => {
  const error = thrownBy(() => create(options));
  expect(error).toMatchObject({ code: UNKNOWN, option, fix: `Did you mean ${meant}?` });
  expect(error.message).not.toContain(KEY);
});

test.each(["attempts", "authenticate"])("%s is unknown, and like none that is known", (option) => {
  const error = thrownBy(() => create({ [option]: {} }));
  expect(error).toMatchObject({ code: UNKNOWN, option, fix: undefined });
});

test.each([undefined, null, "options", 5, []])("%j are no options", (options) => {
  const error = thrownBy(() => createTotpService(options as unknown as TotpServiceOptions));
  expect(error).toMatchObject({ code: INVALID, option: "createTotpService" });
});

test("an option that is undefined has its default", () => {
  const names = ["issuer", "accountName", "window", "backupCodes", "encryption"];
  const none = Object.fromEntries(
    [...names, "onEvent", "now", "qrCode"].map((name) => [name, undefined]),
  );
  const { config } = create({
    ...none,
    backupCodes: { count: undefined, length: undefined },
  });
  expect(config.backupCodes).toEqual({ count: 10, length: 16 });
  expect(config).toMatchObject({
    window: 1,
    pendingSeconds: 600,
    timeoutMs: 10_000,
    secretBytes: 20,
  });
  expect(config.parameters).toEqual({ algorithm: "SHA1", digits: 6, period: 30 });
});

test("the configuration is frozen, and holds no key", () => {
  const { config } = create({ encryption: KEYS });
  expect(Object.isFrozen(config)).toBe(true);
  expect(JSON.stringify(config)).not.toContain(KEY);
});

test("ten backup codes of 16 characters are generated by default", async () => {
  const { totp, clock } = createRig({ backupCodes: {} });
  const setup = await totp.beginSetup("ada");
  const outcome = await totp.confirm("ada", codeAt(setup.ok ? setup.secret : "", clock.time));
  expect(outcome).toMatchObject({ ok: true, backupCodes: { length: 10 } });
  const codes = outcome.ok ? outcome.backupCodes : [];
  for (const code of codes)
    expect(code).toMatch(/^(?:[0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}$/);
});

test.each([0, 1, 2])("window: %i accepts as many steps on each side", async (window) => {
  for (const offset of [-3, -2, -1, 0, 1, 2, 3]) {
    const rig = createRig({ window });
    const { secret } = await enroll(rig, "ada");
    rig.clock.advance(900);
    const outcome = await rig.totp.verify("ada", codeAt(secret, rig.clock.time + offset * 30_000));
    expect(outcome.ok).toBe(Math.abs(offset) <= window);
  }
});

describe("an id that could stand for somebody else", () => {
  const ids = [undefined, null, "", "  ", "a\0", "\ud800", 1.5, NaN, 2 ** 53, true, {}, [], [1]];

  test.each(ids)("%p is refused by every call, and nothing is read", async (id) => {
    const get = jest.fn();
    const { totp } = createRig({ store: { get, compareAndSet: get } });
    const userId = id as string;
    const calls = [
      () => totp.beginSetup(userId),
      () => totp.confirm(userId, "123456"),
      () => totp.verify(userId, "123456"),
      () => totp.status(userId),
      () => totp.resumeSetup(userId, "A".repeat(32)),
      () => totp.disable(userId, VOUCHED),
      () => totp.regenerateBackupCodes(userId, VOUCHED),
      () => totp.unlock(userId),
      () => totp.reset(userId),
      () => totp.reencrypt(userId),
    ];
    for (const call of calls) await expect(call()).rejects.toBeInstanceOf(TotpConfigError);
    expect(get).not.toHaveBeenCalled();
  });
});

describe("the clock", () => {
  test("may return parts of milliseconds, as performance.now() does, or a Date", async () => {
    for (const now of [() => START + 0.123, () => new Date(START)]) {
      const rig = createRig({ now, store: createMemoryStore({ now }) });
      const { totp } = rig;
      const setup = await totp.beginSetup("ada");
      const secret = setup.ok ? setup.secret : "";
      expect((await totp.confirm("ada", codeAt(secret, START))).ok).toBe(true);
      await lock(rig, "ada", secret);
      expect(await totp.status("ada")).toMatchObject({
        createdAt: new Date(START),
        lockedUntil: new Date(START + 900_000),
      });
    }
  });

  test.each([Number.NaN, -1, Infinity, "now", null, undefined, new Date(Number.NaN)])(
    "that returns %p accepts no code",
    async (told) => {
      const rig = createRig();
      const { secret } = await enroll(rig, "ada");
      const before = await rig.store.get("ada");
      const { totp } = createRig({ store: rig.store, now: () => told as number });
      await expect(totp.verify("ada", codeAt(secret, rig.clock.time))).rejects.toMatchObject({
        option: "now",
      });
      expect(await rig.store.get("ada")).toBe(before);
    },
  );

  test("that is set back lets no used code through, and needs no repair", async () => {
    const rig = createRig();
    const { secret } = await enroll(rig, "ada");
    rig.clock.advance(-3600);
    expect((await rig.totp.verify("ada", codeAt(secret, rig.clock.time))).ok).toBe(false);
    expect(rig.events).toMatchObject([{ reason: "already_used", offset: 0 }]);
    rig.clock.advance(3600);
    expect((await rig.totp.verify("ada", codeAt(secret, rig.clock.time))).ok).toBe(true);
  });
});

test("the methods work without their object", async () => {
  const rig = createRig();
  const { beginSetup, confirm, verify } = rig.totp;
  const setup = await beginSetup("ada");
  const secret = setup.ok ? setup.secret : "";
  expect((await confirm("ada", codeAt(secret, rig.clock.time))).ok).toBe(true);
  rig.clock.advance(30);
  expect((await verify("ada", codeAt(secret, rig.clock.time))).ok).toBe(true);
  expect(await begin(rig, "eve")).toHaveLength(32);
});
