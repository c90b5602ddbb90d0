// Whoever has the password or the API key can lock single codes. That must keep nobody out.
import { CALLS, guessUntilLocked, lockForAWeek } from "../helpers/lockouts.js";
import { begin, codeAt, createRig, enroll, threeCodes, wrongCode } from "../helpers/service.js";

describe("privacyidea 3741, fortify: the lock was a weapon that kept the owner out, backup codes included", () => {
  describe.each(CALLS)("under a lock, %s", (_, send) => {
    async function lockedOut() {
      const rig = createRig();
      const { secret, backupCodes } = await enroll(rig, "ada");
      await lockForAWeek(rig, secret);
      rig.clock.advance(60);
      await guessUntilLocked(rig, secret);
      return { rig, secret, backupCodes };
    }

    test("takes no single code", async () => {
      const { rig, secret } = await lockedOut();
      const outcome = await send(rig, codeAt(secret, rig.clock.time));
      expect(outcome).toMatchObject({ ok: false, reason: "locked" });
    });

    test("takes a backup code", async () => {
      const { rig, backupCodes } = await lockedOut();
      expect((await send(rig, String(backupCodes[0]))).ok).toBe(true);
    });

    test("takes three consecutive codes", async () => {
      const { rig, secret } = await lockedOut();
      expect((await send(rig, threeCodes(secret, rig.clock.time, 1))).ok).toBe(true);
    });
  });

  test("for a year of guessing, the owner gets in once a month, by one way or the other", async () => {
    const rig = createRig();
    const { clock, totp } = rig;
    const { secret, backupCodes } = await enroll(rig, "ada");
    for (let month = 0; month < 12; month++) {
      for (let day = 0; day < 30; day++) {
        clock.advance(86_400);
        await guessUntilLocked(rig, secret);
      }
      const single = await totp.verify("ada", codeAt(secret, clock.time));
      expect(single).toMatchObject({ ok: false, reason: "locked" });
      const backupCode = month % 4 === 3 ? backupCodes.pop() : undefined;
      const outcome = await totp.verify("ada", backupCode ?? threeCodes(secret, clock.time));
      expect(outcome.ok).toBe(true);
    }
  });

  test("wrong codes of a setup touch no lock", async () => {
    const rig = createRig();
    const { secret } = await enroll(rig, "ada");
    const { totp, clock, store } = rig;
    const pending = await begin(rig, "ada", codeAt(secret, clock.time));
    clock.advance(30);
    const lockout = async () => JSON.parse(String(await store.get("ada"))).lockout;
    expect(await lockout()).toBeUndefined();
    const wrong = wrongCode(clock.time, secret, pending);
    for (let i = 0; i < 30; i++) expect((await totp.confirm("ada", wrong)).ok).toBe(false);
    expect(await lockout()).toBeUndefined();
    expect((await totp.verify("ada", codeAt(secret, clock.time))).ok).toBe(true);
  });

  test("an owner who never had TOTP cannot be locked out of enrolling", async () => {
    const rig = createRig();
    const { totp, clock } = rig;
    for (let i = 0; i < 30; i++) {
      if (i % 5 === 0) await begin(rig, "ada");
      expect((await totp.confirm("ada", "000000")).ok).toBe(false);
      expect(await totp.verify("ada", "000000")).toEqual({ ok: false, reason: "not_enabled" });
    }
    const secret = await begin(rig, "ada");
    expect((await totp.confirm("ada", codeAt(secret, clock.time))).ok).toBe(true);
    clock.advance(30);
    expect((await totp.verify("ada", codeAt(secret, clock.time))).ok).toBe(true);
  });
});

describe("a double click was counted as a wrong code", () => {
  test.each(CALLS)("%s refuses a used code, and does not count it", async (_, send) => {
    const rig = createRig();
    const { secret } = await enroll(rig, "ada");
    const { totp, clock } = rig;
    clock.advance(60);
    const used = codeAt(secret, clock.time);
    const clicks = await Promise.all([1, 2, 3].map(() => totp.verify("ada", used)));
    expect(clicks.filter(({ ok }) => ok)).toHaveLength(1);
    for (let i = 0; i < 50; i++) {
      const code = codeAt(secret, clock.time - (i % 4) * 30_000);
      expect(await send(rig, code)).toEqual({ ok: false, reason: "wrong_code" });
    }
    clock.advance(30);
    expect((await send(rig, codeAt(secret, clock.time))).ok).toBe(true);
  });

  test("nextcloud 15744: right after the setup, the code on the screen is used up: said, and not counted", async () => {
    const rig = createRig();
    const { totp, clock, events } = rig;
    const secret = await begin(rig, "ada");
    const code = codeAt(secret, clock.time);
    await totp.confirm("ada", code);
    events.length = 0;
    for (let i = 0; i < 10; i++) await totp.verify("ada", code);
    expect(events).toHaveLength(10);
    for (const event of events) expect(event).toMatchObject({ reason: "already_used", offset: 0 });
    clock.advance(30);
    expect((await totp.verify("ada", codeAt(secret, clock.time))).ok).toBe(true);
  });
});
