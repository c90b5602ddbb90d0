import {
  begin,
  beginWith,
  codeAt,
  createRig,
  enroll,
  type Rig,
  START,
  secretNo,
  VOUCHED,
} from "../helpers/service.js";

let rig: Rig;
beforeEach(() => {
  rig = createRig();
});

const code = (secret: string, steps = 0) => codeAt(secret, rig.clock.time + steps * 30_000);
const nothing = { ok: false, reason: "nothing_pending" };

describe("resumeSetup", () => {
  test("renders the same setup again, and changes nothing", async () => {
    const user = { id: "ada", accountName: "ada@example.com" };
    const first = await rig.totp.beginSetup(user);
    if (!first.ok) throw new Error(first.reason);
    rig.clock.advance(60);
    await rig.totp.beginSetup(user);
    const before = await rig.store.get("ada");
    rig.events.length = 0;
    expect(await rig.totp.resumeSetup(user, first.secret)).toEqual(first);
    expect(await rig.store.get("ada")).toBe(before);
    expect(rig.events).toEqual([]);
    expect((await rig.totp.confirm("ada", code(first.secret))).ok).toBe(true);
  });

  test("renders a setup with the parameters with which it began", async () => {
    const parameters = { algorithm: "SHA256", digits: 8, period: 60 } as const;
    const old = createRig({ store: rig.store, ...parameters }, rig.clock);
    const first = await old.totp.beginSetup("ada");
    if (!first.ok) throw new Error(first.reason);
    expect(await rig.totp.resumeSetup("ada", first.secret)).toEqual(first);
  });

  test("hands out nothing that is not given exactly", async () => {
    const secret = await begin(rig, "ada");
    const texts = [
      "",
      secret.slice(1),
      secret.slice(0, -1),
      `${secret}A`,
      ` ${secret}`,
      secret.toLowerCase(),
      secretNo(1),
      "é".repeat(secret.length),
    ];
    for (const given of [...texts, undefined, null, 5, true, {}, [secret], Object(secret)]) {
      expect(await rig.totp.resumeSetup("ada", given as string)).toEqual(nothing);
    }
  });

  test("hands out nothing of another user", async () => {
    const [ada, eve] = [await begin(rig, "ada"), await begin(rig, "eve")];
    expect(await rig.totp.resumeSetup("eve", ada)).toEqual(nothing);
    expect(await rig.totp.resumeSetup("nobody", ada)).toEqual(nothing);
    expect(await rig.totp.resumeSetup("eve", eve)).toMatchObject({ ok: true, secret: eve });
  });

  test("hands out no secret that has expired, to the millisecond", async () => {
    const secret = await begin(rig, "ada");
    rig.clock.advance(599.999);
    expect(await rig.totp.resumeSetup("ada", secret)).toMatchObject({ ok: true });
    rig.clock.advance(0.001);
    expect(await rig.totp.resumeSetup("ada", secret)).toEqual(nothing);
    rig.clock.advance(-1);
    await begin(rig, "ada");
    rig.clock.advance(1);
    expect(await rig.totp.resumeSetup("ada", secret)).toEqual(nothing);
  });

  test("hands out neither the active secret nor a pending one that is gone", async () => {
    const unused = await begin(rig, "ada");
    const { secret } = await enroll(rig, "ada");
    for (const each of [unused, secret]) {
      expect(await rig.totp.resumeSetup("ada", each)).toEqual(nothing);
    }
    const setup = await rig.totp.beginSetup("ada", VOUCHED);
    const pending = setup.ok ? setup.secret : "";
    expect(await rig.totp.resumeSetup("ada", secret)).toEqual(nothing);
    expect(await rig.totp.resumeSetup("ada", pending)).toMatchObject({ ok: true });
    await rig.totp.disable("ada", VOUCHED);
    expect(await rig.totp.resumeSetup("ada", pending)).toEqual(nothing);
  });

  test("hands out nothing after ten wrong codes", async () => {
    const secret = await begin(rig, "ada");
    for (let i = 0; i < 10; i++) await rig.totp.confirm("ada", code(secret, 10));
    expect(await rig.totp.resumeSetup("ada", secret)).toEqual(nothing);
  });
});

test("setups that begin at the same time all stand", async () => {
  const secrets = await Promise.all([1, 2, 3].map(() => begin(rig, "ada")));
  expect(new Set(secrets).size).toBe(3);
  for (const secret of secrets) {
    expect(await rig.totp.resumeSetup("ada", secret)).toMatchObject({ ok: true });
  }
});

test("of two clicks at the same time one confirms, and the other finds TOTP on", async () => {
  const secret = await begin(rig, "ada");
  const outcomes = await Promise.all([1, 2].map(() => rig.totp.confirm("ada", code(secret))));
  expect(outcomes).toContainEqual({ ok: false, reason: "already_enabled" });
  expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
  const kept = outcomes.find(({ ok }) => ok);
  const [backupCode] = kept?.ok ? kept.backupCodes : [];
  expect((await rig.totp.verify("ada", String(backupCode))).ok).toBe(true);
});

test("a new setup after ten wrong codes has ten of its own", async () => {
  const first = await begin(rig, "ada");
  for (let i = 0; i < 10; i++) await rig.totp.confirm("ada", code(first, 10));
  const second = await begin(rig, "ada");
  for (let i = 0; i < 9; i++) {
    expect(await rig.totp.confirm("ada", code(second, 10))).toMatchObject({ reason: "clock_skew" });
  }
  expect((await rig.totp.confirm("ada", code(second))).ok).toBe(true);
});

test("the outcome for a user who comes late is that the setup has expired", async () => {
  const secret = await begin(rig, "ada");
  rig.clock.advance(600 + 3599);
  expect(await rig.totp.confirm("ada", code(secret))).toEqual({ ok: false, reason: "expired" });
  rig.clock.advance(1);
  expect(await rig.totp.confirm("ada", code(secret))).toEqual(nothing);
});

test("an enabled enrollment stays until a new one is confirmed", async () => {
  const { secret } = await enroll(rig, "ada");
  await beginWith(rig, "ada", secretNo(1));
  expect((await rig.totp.verify("ada", code(secretNo(1)))).ok).toBe(false);
  expect((await rig.totp.verify("ada", code(secret))).ok).toBe(true);
  expect((await rig.totp.confirm("ada", code(secretNo(1)))).ok).toBe(true);
  expect((await rig.totp.verify("ada", code(secret, 1))).ok).toBe(false);
  expect((await rig.totp.status("ada")).createdAt).toEqual(new Date(START + 30_000));
});

describe("beginSetup with a signal", () => {
  const reason = new Error("the client has hung up");

  test("saves nothing if it is aborted before", async () => {
    const signal = AbortSignal.abort(reason);
    await expect(rig.totp.beginSetup("ada", { signal })).rejects.toBe(reason);
    expect(await rig.store.get("ada")).toBeUndefined();
  });

  test("saves nothing if it is aborted while the app looks up the account's name", async () => {
    const controller = new AbortController();
    rig = createRig({
      accountName: async () => {
        controller.abort(reason);
        return "ada";
      },
    });
    const { signal } = controller;
    await expect(rig.totp.beginSetup("ada", { signal })).rejects.toBe(reason);
    expect(await rig.store.get("ada")).toBeUndefined();
    expect(rig.events).toEqual([]);
  });

  test("sets up as usual if it is not aborted", async () => {
    const { signal } = new AbortController();
    expect(await rig.totp.beginSetup("ada", { signal })).toMatchObject({ ok: true });
  });
});
