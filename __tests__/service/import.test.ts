import type { ExistingEnrollment } from "express-totp-setup";
import {
  begin,
  codeAt,
  createRig,
  enroll,
  lock,
  type Rig,
  START,
  secretNo,
  VOUCHED,
} from "../helpers/service.js";

const SECRET = secretNo(7);
const STEP = Math.floor(START / 30_000);

let rig: Rig;
beforeEach(() => {
  rig = createRig();
});

const put = (existing: Partial<ExistingEnrollment> = {}) =>
  rig.totp.importEnrollment("ada", { secret: SECRET, encoding: "base32", ...existing });
const verify = (steps = 0) =>
  rig.totp.verify("ada", codeAt(SECRET, rig.clock.time + steps * 30_000));

describe("importEnrollment", () => {
  test("turns TOTP on, with no code accepted yet and no backup codes", async () => {
    expect(await put()).toEqual({ ok: true, secretBits: 160 });
    expect(rig.events).toEqual([
      { type: "imported", userId: "ada", by: "trusted", at: new Date(START) },
    ]);
    expect(await rig.totp.status("ada")).toEqual({
      isEnabled: true,
      createdAt: new Date(START),
      backupCodesRemaining: 0,
    });

    expect(await verify()).toMatchObject({ ok: true, method: "totp" });
    expect((await rig.totp.status("ada")).verifiedAt).toEqual(new Date(START));
    expect(await verify()).toEqual({ ok: false, reason: "wrong_code" });
  });

  test("keeps when it was turned on, and what the authenticator app was set up with", async () => {
    const createdAt = new Date("2019-05-01T10:00:00Z");
    const parameters = { algorithm: "SHA256", digits: 8, period: 60 } as const;
    await put({ createdAt, ...parameters });
    expect((await rig.totp.status("ada")).createdAt).toEqual(createdAt);
    expect((await verify()).ok).toBe(false);
    const code = codeAt(SECRET, START, parameters);
    expect((await rig.totp.verify("ada", code)).ok).toBe(true);
  });

  test("has the usual parameters if none are given, whatever new enrollments have", async () => {
    rig = createRig({ digits: 8, period: 60 });
    await put();
    expect((await verify()).ok).toBe(true);
  });

  test("accepts no code of a step that was used before", async () => {
    await put({ lastUsedStep: STEP });
    expect((await verify()).ok).toBe(false);
    expect((await verify(1)).ok).toBe(true);
  });

  test("with the step after the current one, accepts no code that was shown up to now", async () => {
    await put({ lastUsedStep: STEP + 1 });
    for (const offset of [-1, 0, 1]) expect((await verify(offset)).ok).toBe(false);
    rig.clock.advance(30);
    expect((await verify(1)).ok).toBe(true);
  });

  test("null stands for what was never recorded", async () => {
    await put({ lastUsedStep: null, createdAt: null });
    expect((await rig.totp.status("ada")).createdAt).toEqual(new Date(START));
    expect((await verify(-1)).ok).toBe(true);
  });

  test("changes nothing if TOTP is on, so it can be run again", async () => {
    const { secret } = await enroll(rig, "ada");
    const before = await rig.store.get("ada");
    expect(await put()).toEqual({ ok: false, reason: "already_enabled" });
    expect(await rig.store.get("ada")).toBe(before);
    expect(rig.events).toEqual([]);
    expect((await rig.totp.verify("ada", codeAt(secret, rig.clock.time))).ok).toBe(true);
  });

  test("puts in one of many at the same time", async () => {
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => put()));
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
    expect(rig.events).toHaveLength(1);
  });

  test("drops a setup that began while TOTP seemed off, as that needed no code", async () => {
    const pending = await begin(rig, "ada");
    await put();
    const outcome = await rig.totp.confirm("ada", codeAt(pending, START));
    expect(outcome).toEqual({ ok: false, reason: "already_enabled" });
    expect((await verify()).ok).toBe(true);
  });

  test("ends no lock", async () => {
    await enroll(rig, "ada");
    await lock(rig, "ada", SECRET);
    // As after an older value of the column was copied over: nothing active, but a lock.
    const stored = JSON.parse(String(await rig.store.get("ada")));
    const { active: _, backupCodes: __, ...rest } = stored;
    await rig.store.compareAndSet("ada", JSON.stringify(stored), JSON.stringify(rest));
    await put();
    expect(await verify()).toMatchObject({ ok: false, reason: "locked" });
  });

  test("can be given backup codes", async () => {
    await put();
    const outcome = await rig.totp.regenerateBackupCodes("ada", VOUCHED);
    if (!outcome.ok) throw new Error(outcome.reason);
    expect((await rig.totp.verify("ada", outcome.backupCodes[0] ?? "")).ok).toBe(true);
  });

  test.each([
    [{ secret: undefined }, "MISSING_OPTION", "secret"],
    [{ encoding: "base64" }, "INVALID_OPTION", "encoding"],
    [{ secret: "not base32!" }, "INVALID_OPTION", "secret"],
    [{ digits: 7 }, "INVALID_OPTION", "digits"],
    [{ algorithm: "sha1" }, "INVALID_OPTION", "algorithm"],
    [{ period: 0 }, "INVALID_OPTION", "period"],
    [{ step: 30 }, "UNKNOWN_OPTION", "step"],
    [{ lastUsedStep: "5" }, "INVALID_OPTION", "lastUsedStep"],
    [{ lastUsedStep: -2 }, "INVALID_OPTION", "lastUsedStep"],
    // Seconds in place of time steps would refuse every code until the year 3900.
    [{ lastUsedStep: START / 1000 }, "INVALID_OPTION", "lastUsedStep"],
    [{ createdAt: "2019-05-01" }, "INVALID_OPTION", "createdAt"],
    [{ createdAt: new Date(Number.NaN) }, "INVALID_OPTION", "createdAt"],
  ])("%j is a mistake, and changes nothing", async (mistake, code, option) => {
    const outcome = put(mistake as Partial<ExistingEnrollment>);
    await expect(outcome).rejects.toMatchObject({ name: "TotpConfigError", code, option });
    await expect(outcome).rejects.not.toMatchObject({ message: expect.stringContaining(SECRET) });
    expect(await rig.store.get("ada")).toBeUndefined();
    expect(rig.events).toEqual([]);
  });

  test("a user's id and the object itself are checked", async () => {
    const { totp } = rig;
    const existing = { secret: SECRET, encoding: "base32" } as const;
    await expect(totp.importEnrollment("", existing)).rejects.toMatchObject({ option: "userId" });
    await expect(totp.importEnrollment("ada", SECRET as never)).rejects.toMatchObject({
      option: "importEnrollment",
      got: "a string of 32 characters",
    });
  });
});
