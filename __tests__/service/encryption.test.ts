import crypto from "node:crypto";
import {
  createEncrypter,
  createMemoryStore,
  type EncryptionOptions,
  generateKey,
  type TotpService,
  TotpStateError,
  type TotpStore,
} from "express-totp-setup";
import {
  begin,
  codeAt,
  createRig,
  type Enrolled,
  enroll,
  lock,
  type Rig,
  VOUCHED,
} from "../helpers/service.js";
import { thrownBy } from "../helpers/thrown-by.js";

const [OLD, NEW] = [
  { id: "old", key: generateKey() },
  { id: "new", key: generateKey() },
];

let rig: Rig;
let enrolled: Enrolled;

/** Another process over the same store, with these keys. */
function withKeys(encryption: EncryptionOptions | undefined): TotpService {
  const { store, clock } = rig;
  return createRig({ store, now: clock.now, ...(encryption && { encryption }) }).totp;
}

async function startWith(encryption: EncryptionOptions | undefined): Promise<void> {
  rig = createRig(encryption && { encryption });
  enrolled = await enroll(rig, "ada");
}

/** A code that was not used yet. */
function freshCode(): string {
  rig.clock.advance(30);
  return codeAt(enrolled.secret, rig.clock.time);
}

const stored = async () => String(await rig.store.get("ada"));

async function keep(value: string): Promise<void> {
  expect(await rig.store.compareAndSet("ada", await rig.store.get("ada"), value)).toBe(true);
}

/** Nothing but a reset can be done to a user whose value cannot be read, and no error shows anything. */
async function expectUnreadable(totp: TotpService): Promise<void> {
  const before = await stored();
  const code = freshCode();
  const calls = [
    () => totp.verify("ada", code),
    () => totp.verify("ada", String(enrolled.backupCodes[0])),
    () => totp.confirm("ada", code),
    () => totp.status("ada"),
    () => totp.beginSetup("ada", VOUCHED),
    () => totp.beginSetup("ada", { proof: { code } }),
    () => totp.resumeSetup("ada", enrolled.secret),
    () => totp.disable("ada", VOUCHED),
    () => totp.disable("ada", { proof: { code } }),
    () => totp.regenerateBackupCodes("ada", VOUCHED),
    () => totp.unlock("ada"),
    () => totp.reencrypt("ada"),
  ];
  for (const call of calls) {
    const error = await call().then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(TotpStateError);
    expect(error).toMatchObject({ userId: "ada", fix: expect.any(String) });
    const { message, stack, cause } = error as Error;
    const told = `${message} ${stack} ${String(cause)} ${JSON.stringify(error)}`;
    for (const secret of [enrolled.secret, code, OLD.key, NEW.key, ...enrolled.backupCodes]) {
      expect(told).not.toContain(secret);
    }
  }
  expect(await stored()).toBe(before);
}

test("if off, the store keeps plain text; if on, nothing in it can be read", async () => {
  await startWith(undefined);
  expect(await stored()).toContain(enrolled.secret);
  await startWith({ current: NEW });
  expect(await stored()).toMatch(/^totp1\.new\.[\w-]+$/);
});

test("a store never sees a secret, a code or a hash, in no call", async () => {
  const sound = createMemoryStore({ now: () => rig.clock.time });
  const seen: unknown[] = [];
  const store: TotpStore = {
    get: (...args) => {
      seen.push(args);
      return sound.get(...args);
    },
    compareAndSet: (...args) => {
      seen.push(args);
      return sound.compareAndSet(...args);
    },
  };
  rig = createRig({ store, encryption: { current: NEW } });
  enrolled = await enroll(rig, "ada");
  const { totp } = rig;
  await totp.verify("ada", freshCode());
  await totp.verify("ada", String(enrolled.backupCodes[0]));
  const second = await begin(rig, "ada", enrolled.backupCodes[1]);
  await totp.regenerateBackupCodes("ada", { proof: { code: freshCode() } });
  await lock(rig, "ada", enrolled.secret);
  await totp.unlock("ada");
  await totp.confirm("ada", codeAt(second, rig.clock.time));
  await totp.reencrypt("ada");
  await totp.disable("ada", VOUCHED);

  const values = (seen as unknown[][])
    .flatMap((args) => args.slice(1))
    .filter((each) => typeof each === "string");
  expect(values.length).toBeGreaterThan(20);
  for (const value of values) expect(value).toMatch(/^totp1\.new\.[\w-]+$/);
  const bytes = values.map((value) => Buffer.from(String(value).split(".")[2] ?? "", "base64url"));
  const written = `${JSON.stringify(seen)} ${bytes.map((each) => each.toString("latin1")).join(" ")}`;
  for (const secret of [
    enrolled.secret,
    second,
    ...enrolled.backupCodes,
    '"SHA1"',
    '"hashes"',
    '"salt"',
  ]) {
    expect(written).not.toContain(secret);
  }
});

describe("turned on later", () => {
  beforeEach(() => startWith(undefined));

  test("plain values are refused: whoever can write to the database is no user", async () => {
    const totp = withKeys({ current: NEW });
    await expectUnreadable(totp);
    await expect(totp.status("ada")).rejects.toThrow(
      "The stored TOTP value is not encrypted, but encryption is set. If it was",
    );
    expect((await totp.status("nobody")).isEnabled).toBe(false);
  });

  test("acceptPlaintext false is the default", async () => {
    await expectUnreadable(withKeys({ current: NEW, acceptPlaintext: false }));
  });

  test("with acceptPlaintext, values are read, and encrypted when they are next written", async () => {
    const totp = withKeys({ current: NEW, acceptPlaintext: true });
    expect((await totp.status("ada")).isEnabled).toBe(true);
    expect(await stored()).toContain(enrolled.secret);
    expect((await totp.verify("ada", freshCode())).ok).toBe(true);
    expect(await stored()).toMatch(/^totp1\.new\./);
    expect((await totp.verify("ada", String(enrolled.backupCodes[0]))).ok).toBe(true);
  });

  test("a wrong code is enough to encrypt a value", async () => {
    await lock(rig, "ada", enrolled.secret);
    const totp = withKeys({ current: NEW, acceptPlaintext: true });
    await totp.unlock("ada");
    expect(await stored()).toMatch(/^totp1\.new\./);
  });

  test("each read of a plaintext value is an event, until the value is encrypted", async () => {
    const events: object[] = [];
    const onEvent = (event: object) => events.push(event);
    const encryption = { current: NEW, acceptPlaintext: true };
    const { totp } = createRig({ store: rig.store, now: rig.clock.now, encryption, onEvent });
    const taken = () =>
      events.splice(0).map((event) => {
        const { type, by, userId } = event as Record<string, unknown>;
        return [type, by, userId];
      });
    await totp.status("ada");
    await totp.status("eve");
    expect(taken()).toEqual([["plaintext_read", "user", "ada"]]);
    await totp.verify("ada", "12345");
    expect(taken()).toEqual([["plaintext_read", "user", "ada"]]);
    expect(await totp.reencrypt("ada")).toEqual({ ok: true, changed: true });
    expect(taken()).toEqual([["plaintext_read", "trusted", "ada"]]);
    await totp.status("ada");
    await totp.reencrypt("ada");
    expect(taken()).toEqual([]);
    await rig.store.compareAndSet("ada", await rig.store.get("ada"), undefined);
    enrolled = await enroll(rig, "ada");
    await totp.verify("ada", freshCode());
    expect(taken()).toEqual([
      ["plaintext_read", "user", "ada"],
      ["verified", "user", "ada"],
    ]);
    await totp.status("ada");
    expect(taken()).toEqual([]);
  });

  test("the codec says which values were plaintext", async () => {
    const plain = await stored();
    const { codec } = withKeys({ current: NEW, acceptPlaintext: true }).config;
    const { state, isPlaintext } = codec.decode("ada", plain);
    expect(isPlaintext).toBe(true);
    const ciphertext = String(codec.encode("ada", state));
    expect(codec.decode("ada", ciphertext)).toEqual({ state, isPlaintext: false });
    // Without keys there is nothing to tell.
    expect(rig.totp.config.codec.decode("ada", plain).isPlaintext).toBe(false);
  });
});

describe("rotation", () => {
  beforeEach(() => startWith({ current: OLD }));

  test("values under a previous key are read, and move to the current one as users sign in", async () => {
    const totp = withKeys({ current: NEW, previous: [OLD] });
    expect((await totp.verify("ada", freshCode())).ok).toBe(true);
    expect(await stored()).toMatch(/^totp1\.new\./);
    const later = withKeys({ current: NEW });
    expect((await later.verify("ada", freshCode())).ok).toBe(true);
  });

  // Each deployment replaces processes one by one: those of two steps in a row run side by side.
  const STEPS: EncryptionOptions[] = [
    { current: OLD },
    { current: OLD, previous: [NEW] },
    { current: NEW, previous: [OLD] },
    { current: NEW },
  ];

  test("in the documented order, processes of two steps in a row work side by side", async () => {
    for (const [index, step] of STEPS.slice(1).entries()) {
      // Before the old key goes, all values have moved to the new one.
      if (step.previous === undefined) await withKeys(STEPS[index]).reencrypt("ada");
      const [before, after] = [withKeys(STEPS[index]), withKeys(step)];
      for (const totp of [after, before, after, before]) {
        expect((await totp.verify("ada", freshCode())).ok).toBe(true);
      }
    }
    expect(await stored()).toMatch(/^totp1\.new\./);
  });

  test("without the first step, processes with the old keys fail closed", async () => {
    expect((await withKeys(STEPS[2]).verify("ada", freshCode())).ok).toBe(true);
    await expectUnreadable(withKeys(STEPS[0]));
  });

  test("a used code stays used across keys", async () => {
    const code = freshCode();
    expect((await rig.totp.verify("ada", code)).ok).toBe(true);
    const totp = withKeys({ current: NEW, previous: [OLD] });
    expect(await totp.verify("ada", code)).toMatchObject({ reason: "wrong_code" });
  });

  test("a value under a key that is not given any more is refused", async () => {
    await expectUnreadable(withKeys({ current: NEW }));
    await expect(withKeys({ current: NEW }).status("ada")).rejects.toThrow(
      /\(id old\)\. .+reset\(userId\)/,
    );
    expect((await rig.totp.verify("ada", freshCode())).ok).toBe(true);
  });

  test("a ciphertext is refused if encryption was turned off", async () => {
    await expectUnreadable(withKeys(undefined));
    await expect(withKeys(undefined).status("ada")).rejects.toThrow(
      "The stored TOTP value is encrypted, but encryption is not set. Set the option",
    );
  });
});

describe("reencrypt", () => {
  const changed = { ok: true, changed: true };
  const unchanged = { ok: true, changed: false };

  test.each<[string, EncryptionOptions | undefined]>([
    ["from plain text", undefined],
    ["from an earlier key", { current: OLD }],
  ])("encrypts %s under the current key, once, and changes nothing else", async (_, before) => {
    await startWith(before);
    await lock(rig, "ada", enrolled.secret);
    const status = await rig.totp.status("ada");
    const totp = withKeys({ current: NEW, previous: [OLD], acceptPlaintext: true });
    expect(await totp.reencrypt("ada")).toEqual(changed);
    const value = await stored();
    expect(value).toMatch(/^totp1\.new\./);
    expect(await totp.reencrypt("ada")).toEqual(unchanged);
    expect(await stored()).toBe(value);
    expect(await totp.status("ada")).toEqual(status);
    await totp.unlock("ada");
    expect((await totp.verify("ada", freshCode())).ok).toBe(true);
    expect((await totp.verify("ada", String(enrolled.backupCodes[2]))).ok).toBe(true);
  });

  test("keeps when a pending setup expires", async () => {
    rig = createRig();
    await begin(rig, "ada");
    const compareAndSet = jest.spyOn(rig.store, "compareAndSet");
    await withKeys({ current: NEW, acceptPlaintext: true }).reencrypt("ada");
    expect(compareAndSet.mock.calls[0]?.[3]?.expiresAt?.getTime()).toBeGreaterThan(
      rig.clock.time + 600_000 - 1,
    );
  });

  test("has nothing to do for a user who has nothing, or without encryption", async () => {
    await startWith(undefined);
    const before = await stored();
    expect(await rig.totp.reencrypt("ada")).toEqual(unchanged);
    expect(await stored()).toBe(before);
    expect(await withKeys({ current: NEW }).reencrypt("nobody")).toEqual(unchanged);
    expect(await rig.store.get("nobody")).toBeUndefined();
  });

  test("is the same, one after another or all at once", async () => {
    await startWith({ current: OLD });
    const totp = withKeys({ current: NEW, previous: [OLD] });
    const outcomes = await Promise.all([1, 2, 3, 4].map(() => totp.reencrypt("ada")));
    expect(outcomes.filter((each) => each.ok && each.changed)).toHaveLength(1);
    expect(outcomes.every(({ ok }) => ok)).toBe(true);
  });
});

describe("a value that was tampered with is refused", () => {
  beforeEach(() => startWith({ current: NEW, previous: [OLD] }));

  test("moved to another user", async () => {
    const eve = await enroll(rig, "eve");
    await keep(String(await rig.store.get("eve")));
    await expectUnreadable(rig.totp);
    rig.clock.advance(30);
    expect((await rig.totp.verify("eve", codeAt(eve.secret, rig.clock.time))).ok).toBe(true);
  });

  test("made by createEncrypter, or taken to it", async () => {
    const keys = { current: NEW, previous: [OLD] };
    const encrypter = createEncrypter(keys);
    const { codec } = withKeys(undefined).config;
    const { state } = rig.totp.config.codec.decode("ada", await stored());
    const value = await stored();
    const error = thrownBy(() => encrypter.decrypt("ada", value));
    expect(error).toBeInstanceOf(TotpStateError);
    await keep(encrypter.encrypt("ada", String(codec.encode("ada", state))));
    await expectUnreadable(rig.totp);
  });

  test("cut, flipped, put together, or replaced", async () => {
    const value = await stored();
    const [prefix, id, body = ""] = value.split(".");
    for (const changed of [
      value.slice(0, -1),
      value.slice(0, value.length / 2),
      "totp1.",
      "totp1.new.",
      `${prefix}.${id}.${body[0] === "A" ? "B" : "A"}${body.slice(1)}`,
      `${prefix}.${id}.${body.slice(0, -2)}${body.at(-2) === "A" ? "B" : "A"}${body.at(-1)}`,
      `${prefix}.old.${body}`,
      `${prefix}.unknown.${body}`,
      `${prefix}.${id}.${body}.${body}`,
      value.toUpperCase(),
      `{"version":2}`,
      "",
    ]) {
      await keep(changed);
      await expectUnreadable(rig.totp);
    }
    await keep(value);
    expect((await rig.totp.verify("ada", freshCode())).ok).toBe(true);
  });

  test("whole, in every place: no flipped character is read as anything", async () => {
    const value = await stored();
    for (let i = 0; i < value.length; i++) {
      await keep(`${value.slice(0, i)}${value[i] === "A" ? "B" : "A"}${value.slice(i + 1)}`);
      await expect(rig.totp.status("ada")).rejects.toBeInstanceOf(TotpStateError);
      await keep(value.slice(0, i));
      await expect(rig.totp.status("ada")).rejects.toBeInstanceOf(TotpStateError);
    }
  });
});

test("a value whose key is lost can be reset, and its user starts over", async () => {
  await startWith({ current: OLD });
  const events: unknown[] = [];
  const { totp } = createRig({
    store: rig.store,
    now: rig.clock.now,
    encryption: { current: NEW },
    onEvent: ({ type, by }) => events.push([type, by]),
  });
  await expect(totp.status("ada")).rejects.toBeInstanceOf(TotpStateError);
  expect(await totp.reset("ada")).toEqual({ ok: true, changed: true });
  expect(events).toEqual([["reset", "trusted"]]);
  expect(await rig.store.get("ada")).toBeUndefined();
  expect(await totp.beginSetup("ada")).toMatchObject({ ok: true });
});

test("an OpenSSL that cannot decrypt is not mistaken for a value that was changed", async () => {
  await startWith({ current: NEW });
  const broken = new Error("error:0308010C:digital envelope routines::unsupported");
  const decipher = jest.spyOn(crypto, "createDecipheriv").mockImplementation(() => {
    throw broken;
  });
  try {
    await expect(rig.totp.verify("ada", freshCode())).rejects.toBe(broken);
  } finally {
    decipher.mockRestore();
  }
});
