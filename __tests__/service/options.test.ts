import {
  createMemoryStore,
  createTotpService,
  generateKey,
  type PendingSecret,
  TotpConfigError,
  type TotpServiceOptions,
} from "express-totp-setup";
import { begin, codeAt, createRig, enroll, START, secretNo } from "../helpers/service.js";
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
  [INVALID, "window", { window: 11 }],
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
  [INVALID, "attempts", { attempts: 5 }],
  [INVALID, "attempts", { attempts: [5] }],
  [INVALID, "attempts.limit", { attempts: { limit: 0 } }],
  [INVALID, "attempts.limit", { attempts: { limit: 101 } }],
  [INVALID, "attempts.limit", { attempts: { limit: Infinity } }],
  [INVALID, "attempts.limit", { attempts: { limit: null } }],
  [INVALID, "attempts.lockSeconds", { attempts: { lockSeconds: 0 } }],
  [INVALID, "attempts.lockSeconds", { attempts: { lockSeconds: 31_536_001 } }],
  [INVALID, "attempts.maxLockSeconds", { attempts: { lockSeconds: 60, maxLockSeconds: 59 } }],
  [INVALID, "attempts.maxLockSeconds", { attempts: { maxLockSeconds: Infinity } }],
  [INVALID, "backupCodes", { backupCodes: true }],
  [INVALID, "backupCodes.count", { backupCodes: { count: 0 } }],
  [INVALID, "backupCodes.count", { backupCodes: { count: 21 } }],
  [INVALID, "backupCodes.cost", { backupCodes: { cost: 512 } }],
  [INVALID, "backupCodes.cost", { backupCodes: { cost: 2_097_152 } }],
  [INVALID, "backupCodes.cost", { backupCodes: { cost: 10_000 } }],
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
  ["attempt", "attempts", { attempt: {} }],
  ["attempts.limt", "limit", { attempts: { limt: 3 } }],
  ["attempts.lockSecs", "lockSeconds", { attempts: { lockSecs: 3 } }],
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

test("an unknown option that is like none gets no suggestion", () => {
  const error = thrownBy(() => create({ authenticate: () => 1 }));
  expect(error).toMatchObject({ code: UNKNOWN, option: "authenticate", fix: undefined });
});

test.each([undefined, null, "options", 5, []])("options that are none: %j", (options) => {
  const error = thrownBy(() => createTotpService(options as unknown as TotpServiceOptions));
  expect(error).toMatchObject({ code: INVALID, option: "createTotpService" });
});

test("what is left undefined has its default", () => {
  const names = ["issuer", "accountName", "window", "attempts", "backupCodes", "encryption"];
  const none = Object.fromEntries(
    [...names, "onEvent", "now", "qrCode"].map((name) => [name, undefined]),
  );
  const { config } = create({
    ...none,
    attempts: { limit: undefined, lockSeconds: undefined },
    backupCodes: { count: undefined },
  });
  expect(config.attempts).toEqual({ limit: 5, lockSeconds: 900, maxLockSeconds: 86_400 });
  expect(config.backupCodes).toEqual({ count: 10, cost: 16_384 });
  expect(config).toMatchObject({
    window: 1,
    pendingSeconds: 600,
    timeoutMs: 10_000,
    secretBytes: 20,
  });
  expect(config.parameters).toEqual({ algorithm: "SHA1", digits: 6, period: 30 });
});

test("the configuration cannot be replaced afterwards, and holds no key", () => {
  const { config } = create({ encryption: KEYS });
  expect(Object.isFrozen(config)).toBe(true);
  expect(JSON.stringify(config)).not.toContain(KEY);
});

test("a set of ten backup codes is what there is by default", async () => {
  const { totp, clock } = createRig({ backupCodes: {} });
  const setup = await totp.beginSetup("ada");
  const outcome = await totp.confirm("ada", codeAt(setup.ok ? setup.secret : "", clock.time));
  expect(outcome).toMatchObject({ ok: true, backupCodes: { length: 10 } });
});

test.each([
  ["window: 0 accepts the present code alone", 0, [0]],
  ["window: 1 accepts one step on each side", 1, [-1, 0, 1]],
  ["window: 10 accepts ten", 10, [-10, 10]],
])("%s", async (_, window, accepted) => {
  for (const offset of [-11, -10, -2, -1, 0, 1, 2, 10, 11]) {
    const rig = createRig({ window });
    const { secret } = await enroll(rig, "ada");
    rig.clock.advance(900);
    const outcome = await rig.totp.verify("ada", codeAt(secret, rig.clock.time + offset * 30_000));
    const isIn = accepted.includes(offset) || Math.abs(offset) <= window;
    expect(outcome.ok).toBe(isIn);
  }
});

describe("who the account is with, and whose it is", () => {
  const uriOf = async (options: Partial<TotpServiceOptions>, user: unknown) => {
    const outcome = await createRig(options).totp.beginSetup(user as string);
    return outcome.ok && outcome.otpauthUri.replace(/\?.*?(&issuer|$)/, "$1");
  };

  test("are the option issuer, and the user's accountName or id", async () => {
    expect(await uriOf({}, { id: 7, accountName: "ada" })).toBe(
      "otpauth://totp/Acme:ada&issuer=Acme",
    );
    expect(await uriOf({}, { id: 7 })).toBe("otpauth://totp/Acme:7&issuer=Acme");
    expect(await uriOf({ issuer: undefined }, 7n)).toBe("otpauth://totp/7");
  });

  test("are what the callbacks tell", async () => {
    const user = { id: 7, tenant: "North", email: "ada@example.com" };
    const options = {
      issuer: async (given: unknown) => (given as typeof user).tenant,
      accountName: async (given: unknown) => (given as typeof user).email,
    };
    const uri = "otpauth://totp/North:ada%40example.com&issuer=North";
    expect(await uriOf(options, user)).toBe(uri);
  });

  test.each([
    ["issuer", { issuer: () => "" }],
    ["issuer", { issuer: async () => 5 as unknown as string }],
    ["accountName", { accountName: () => "a:b" }],
  ])("are refused where they are unusable: %s", async (callback, options) => {
    const { totp, store } = createRig(options);
    await expect(totp.beginSetup("ada")).rejects.toMatchObject({ callback });
    expect(await store.get("ada")).toBeUndefined();
  });
});

const pendingOf = (changes: object = {}, secret: unknown = secretNo(1)) =>
  ({ secret, details: { expiresAt: new Date(START + 60_000), ...changes } }) as PendingSecret;

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
      () => totp.disable(userId),
      () => totp.regenerateBackupCodes(userId),
      () => totp.unlock(userId),
      () => totp.reencrypt(userId),
      () => totp.savePending(userId, pendingOf()),
    ];
    for (const call of calls) await expect(call()).rejects.toBeInstanceOf(TotpConfigError);
    expect(get).not.toHaveBeenCalled();
  });
});

describe("savePending", () => {
  test("takes a secret that was drawn elsewhere, with its parameters", async () => {
    const { totp, clock, events } = createRig();
    const parameters = { algorithm: "SHA256", digits: 8, period: 60 } as const;
    expect(await totp.savePending("ada", pendingOf(parameters))).toEqual({ ok: true });
    expect(events).toMatchObject([{ type: "setup_started", expiresAt: new Date(START + 60_000) }]);
    const code = codeAt(secretNo(1), clock.time, parameters);
    expect((await totp.confirm("ada", code)).ok).toBe(true);
  });

  test.each<[string, PendingSecret]>([
    ["secret", pendingOf({}, "")],
    ["secret", pendingOf({}, null)],
    ["secret", pendingOf({}, "lower case")],
    ["secret", pendingOf({}, "AAAAAAAA")],
    ["digits", pendingOf({ digits: 7 })],
    ["algorithm", pendingOf({ algorithm: "MD5" })],
    ["period", pendingOf({ period: 0 })],
    ["details.expiresAt", pendingOf({ expiresAt: undefined })],
    ["details.expiresAt", pendingOf({ expiresAt: START })],
    ["details.expiresAt", pendingOf({ expiresAt: new Date(Number.NaN) })],
    ["details.expiresAt", pendingOf({ expiresAt: new Date(-1) })],
  ])(
    "refuses an unusable %s, which would leave a state that nothing can read",
    async (option, pending) => {
      const { totp, store } = createRig();
      const error = await totp.savePending("ada", pending).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(TotpConfigError);
      expect(error).toMatchObject({ option });
      expect(await store.get("ada")).toBeUndefined();
    },
  );
});

describe("the clock", () => {
  test("may tell parts of milliseconds, as performance.now() does, or a Date", async () => {
    for (const now of [() => START + 0.123, () => new Date(START)]) {
      const { totp } = createRig({
        now,
        attempts: { limit: 1 },
        store: createMemoryStore({ now }),
      });
      const setup = await totp.beginSetup("ada");
      const secret = setup.ok ? setup.secret : "";
      expect((await totp.confirm("ada", codeAt(secret, START))).ok).toBe(true);
      expect(await totp.verify("ada", "000000")).toMatchObject({ reason: "wrong_code" });
      expect(await totp.status("ada")).toMatchObject({
        createdAt: new Date(START),
        lockedUntil: new Date(START + 900_000),
      });
    }
  });

  test.each([Number.NaN, -1, Infinity, "now", null, undefined, new Date(Number.NaN)])(
    "that tells %p accepts no code",
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

test("a step-up that is null vouches for nothing", async () => {
  const rig = createRig();
  await enroll(rig, "ada");
  for (const stepUp of [null, {}, "", false, 0, "123456"]) {
    const given = stepUp as unknown as { code: string };
    const refused = { ok: false, reason: "code_required" };
    expect(await rig.totp.disable("ada", given)).toEqual(refused);
    expect(await rig.totp.regenerateBackupCodes("ada", given)).toEqual(refused);
    expect(await rig.totp.beginSetup("ada", given)).toEqual(refused);
  }
});

test("a service is used by others through its methods alone", async () => {
  const rig = createRig();
  const { beginSetup, confirm, verify } = rig.totp;
  const setup = await beginSetup("ada");
  const secret = setup.ok ? setup.secret : "";
  expect((await confirm("ada", codeAt(secret, rig.clock.time))).ok).toBe(true);
  rig.clock.advance(30);
  expect((await verify("ada", codeAt(secret, rig.clock.time))).ok).toBe(true);
  expect(await begin(rig, "eve")).toHaveLength(32);
});
