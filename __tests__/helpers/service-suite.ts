import type { Clock, EncryptionOptions, TotpServiceOptions, TotpStore } from "express-totp-setup";
import {
  begin,
  beginWith,
  codeAt,
  createRig,
  type Enrolled,
  enroll,
  lock,
  type Rig,
  START,
  secretNo,
  threeCodes,
  VOUCHED,
  wrongCode,
  wrongCodes,
} from "./service.js";

/** What the suite is run over. */
export interface SuiteSubject {
  createStore(now: Clock): TotpStore;
  encryption?: EncryptionOptions;
}

let users = 0;

/** What a service must do over any store, with or without encryption. */
export function describeService(name: string, { createStore, encryption }: SuiteSubject): void {
  let rig: Rig;
  let user: string;

  /** A service over the same store, as after a restart with other options. */
  function restart(options: Partial<TotpServiceOptions> = {}): Rig {
    const { clock, store } = rig;
    rig = createRig({ store, ...(encryption && { encryption }), ...options }, clock);
    return rig;
  }

  const next = (secret: string, steps = 0) => codeAt(secret, rig.clock.time + steps * 30_000);
  const types = () => rig.events.map(({ type }) => type);

  beforeEach(() => {
    rig = createRig();
    rig.store = createStore(rig.clock.now);
    restart();
    // A store may be a table that outlives a test.
    user = `user ${++users} of ${process.pid}`;
  });

  describe(name, () => {
    describe("the whole life cycle", () => {
      test("nothing, setup, confirmation, logins, new backup codes, off", async () => {
        const { totp, clock } = rig;
        expect(await totp.status(user)).toEqual({ isEnabled: false, backupCodesRemaining: 0 });

        const setup = await totp.beginSetup({ id: user, accountName: "ada@example.com" });
        if (!setup.ok) throw new Error(setup.reason);
        expect(setup).toEqual({
          ok: true,
          secret: expect.stringMatching(/^[A-Z2-7]{32}$/),
          otpauthUri: `otpauth://totp/Acme:ada%40example.com?secret=${setup.secret}&issuer=Acme`,
          qrCodeUrl: setup.otpauthUri,
          expiresAt: new Date(START + 600_000),
        });
        expect(await totp.status(user)).toEqual({ isEnabled: false, backupCodesRemaining: 0 });

        clock.advance(599);
        const confirmed = await totp.confirm(user, next(setup.secret));
        if (!confirmed.ok) throw new Error(confirmed.reason);
        expect(Object.keys(confirmed)).toEqual(["ok", "backupCodes"]);
        expect(confirmed.backupCodes).toHaveLength(3);
        const enabledAt = new Date(clock.time);
        expect(await totp.status(user)).toEqual({
          isEnabled: true,
          createdAt: enabledAt,
          verifiedAt: enabledAt,
          backupCodesRemaining: 3,
        });

        clock.advance(3600);
        expect(await totp.verify(user, next(setup.secret))).toEqual({
          ok: true,
          method: "totp",
          backupCodesRemaining: 3,
        });
        const backupCode = String(confirmed.backupCodes[1]);
        expect(await totp.verify(user, backupCode.toLowerCase())).toEqual({
          ok: true,
          method: "backup_code",
          backupCodesRemaining: 2,
        });
        expect(await totp.status(user)).toEqual({
          isEnabled: true,
          createdAt: enabledAt,
          verifiedAt: new Date(clock.time),
          backupCodesRemaining: 2,
        });

        const proof = { code: next(setup.secret, 1) };
        const regenerated = await totp.regenerateBackupCodes(user, { proof });
        if (!regenerated.ok) throw new Error(regenerated.reason);
        expect(new Set([...regenerated.backupCodes, ...confirmed.backupCodes]).size).toBe(6);

        const code = regenerated.backupCodes[0];
        const wasEnabled = await totp.disable(user, { proof: { code } });
        expect(wasEnabled).toEqual({ ok: true, wasEnabled: true });
        expect(await totp.status(user)).toEqual({ isEnabled: false, backupCodesRemaining: 0 });
        const wasDisabled = await totp.disable(user, { proof: undefined });
        expect(wasDisabled).toEqual({ ok: true, wasEnabled: false });
        expect(await rig.store.get(user)).toBeUndefined();
        expect(types()).toEqual([
          "setup_started",
          "enabled",
          ...["verified", "verified", "backup_codes_low"],
          ...["verified", "backup_codes_regenerated"],
          ...["verified", "backup_codes_low", "disabled"],
        ]);
      });

      test("survives a restart at every point", async () => {
        const secret = await begin(rig, user);
        const confirmed = await restart().totp.confirm(user, next(secret));
        expect(confirmed.ok).toBe(true);
        expect((await restart().totp.verify(user, next(secret))).ok).toBe(false);
        expect((await restart().totp.verify(user, next(secret, 1))).ok).toBe(true);
        expect((await restart().totp.status(user)).isEnabled).toBe(true);
      });

      test("starts over after it was turned off, with nothing left of the first time", async () => {
        const old = await enroll(rig, user);
        await rig.totp.disable(user, VOUCHED);
        const now = await enroll(rig, user);
        expect(now.secret).not.toBe(old.secret);
        for (const code of [next(old.secret), ...old.backupCodes]) {
          expect(await rig.totp.verify(user, code)).toMatchObject({ reason: "wrong_code" });
        }
        expect((await rig.totp.verify(user, next(now.secret))).ok).toBe(true);
      });

      test("can begin with an enrollment of another system", async () => {
        const { totp } = rig;
        const existing = { secret: "x9fGi@$2<lWn[r8U9DFT", encoding: "ascii" } as const;
        expect(await totp.importEnrollment(user, existing)).toEqual({ ok: true, secretBits: 160 });
        restart();
        const code = next("PA4WMR3JIASDEPDMK5XFW4RYKU4UIRSU");
        expect(await rig.totp.verify(user, code)).toMatchObject({ ok: true });
        expect(await rig.totp.importEnrollment(user, existing)).toMatchObject({ ok: false });
        expect(await rig.totp.verify(user, code)).toMatchObject({ ok: false });
      });

      test("is separate for each user", async () => {
        const [other, third] = [`${user} (other)`, user.toUpperCase()];
        const mine = await enroll(rig, user);
        const theirs = await enroll(rig, other);
        expect((await rig.totp.status(third)).isEnabled).toBe(false);
        expect((await rig.totp.verify(other, next(mine.secret))).ok).toBe(false);
        expect((await rig.totp.verify(user, next(mine.secret))).ok).toBe(true);
        await rig.totp.disable(user, VOUCHED);
        expect((await rig.totp.verify(other, next(theirs.secret))).ok).toBe(true);
      });
    });

    describe("confirm", () => {
      test("has nothing to confirm without a setup", async () => {
        const nothing = { ok: false, reason: "nothing_pending" };
        expect(await rig.totp.confirm(user, "123456")).toEqual(nothing);
        expect(rig.events).toEqual([]);
      });

      test("says that TOTP is on to the second of two clicks", async () => {
        const code = next(await begin(rig, user));
        const outcomes = [await rig.totp.confirm(user, code), await rig.totp.confirm(user, code)];
        expect(outcomes[0]?.ok).toBe(true);
        expect(outcomes[1]).toEqual({ ok: false, reason: "already_enabled" });
        expect(types()).toEqual(["setup_started", "enabled"]);
      });

      test("a setup expires", async () => {
        const secret = await begin(rig, user);
        rig.clock.advance(600);
        const expired = { ok: false, reason: "expired" };
        expect(await rig.totp.confirm(user, next(secret))).toEqual(expired);
        expect((await rig.totp.status(user)).isEnabled).toBe(false);
        expect(await rig.totp.verify(user, next(secret))).toMatchObject({ reason: "not_enabled" });
        const again = await begin(rig, user);
        expect((await rig.totp.confirm(user, next(again))).ok).toBe(true);
      });

      test.each([0, 1])("confirms setup %i of two, and the other is gone", async (chosen) => {
        const secrets = [await begin(rig, user), await begin(rig, user)];
        restart();
        expect((await rig.totp.confirm(user, next(String(secrets[chosen])))).ok).toBe(true);
        const other = next(String(secrets[1 - chosen]), 1);
        const gone = { ok: false, reason: "already_enabled" };
        expect(await rig.totp.confirm(user, other)).toEqual(gone);
        expect((await rig.totp.verify(user, other)).ok).toBe(false);
        expect((await rig.totp.verify(user, next(String(secrets[chosen]), 1))).ok).toBe(true);
      });

      test("knows the newest three of four setups", async () => {
        const secrets: string[] = [];
        for (let i = 0; i < 4; i++) secrets.push(await begin(rig, user));
        const [first = "", second = ""] = secrets;
        const wrong = { ok: false, reason: "wrong_code" };
        expect(await rig.totp.confirm(user, next(first))).toEqual(wrong);
        expect((await rig.totp.confirm(user, next(second))).ok).toBe(true);
      });

      test("drops all setups at the tenth wrong code, and locks nobody", async () => {
        const { backupCodes, secret: active } = await enroll(rig, user);
        const code = String(backupCodes[0]);
        const secrets = [await begin(rig, user, code), secretNo(users)];
        await beginWith(rig, user, secretNo(users));
        rig.events.length = 0;
        const wrong = wrongCodes(10, rig.clock.time, active, ...secrets);
        for (const each of wrong.slice(0, 9)) {
          expect(await rig.totp.confirm(user, each)).toEqual({ ok: false, reason: "wrong_code" });
        }
        const expired = { ok: false, reason: "expired" };
        expect(await rig.totp.confirm(user, String(wrong[9]))).toEqual(expired);
        for (const secret of secrets) {
          expect(await rig.totp.confirm(user, next(secret))).toEqual(expired);
        }
        expect(types()).toEqual(Array(10).fill("rejected"));
        expect(await rig.totp.status(user)).not.toHaveProperty("lockedUntil");
        for (const each of wrong.slice(0, 4)) await rig.totp.verify(user, each);
        expect((await rig.totp.verify(user, next(active))).ok).toBe(true);
      });

      test("says how far a clock is off", async () => {
        const secret = await begin(rig, user);
        for (const steps of [-20, -2, 2, 20]) {
          const outcome = await rig.totp.confirm(user, next(secret, steps));
          expect(outcome).toEqual({ ok: false, reason: "clock_skew", offsetSeconds: steps * 30 });
          expect(rig.events.at(-1)).toMatchObject({
            ...{ type: "rejected", purpose: "confirm", reason: "clock_skew", offset: steps },
          });
        }
        const wrong = { ok: false, reason: "wrong_code" };
        expect(await rig.totp.confirm(user, next(secret, 21))).toEqual(wrong);
        expect((await rig.totp.confirm(user, next(secret, 1))).ok).toBe(true);
      });

      test("does not count a text that no code looks like", async () => {
        const secret = await begin(rig, user);
        const backupCode = "0000-0000-0000-000A";
        const texts = ["", "12345", "1234567", "12a456", backupCode, " ".repeat(99)];
        for (const text of [...texts, undefined, null, 123_456, {}, ["123456"]]) {
          const outcome = await rig.totp.confirm(user, text as string);
          expect(outcome).toEqual({ ok: false, reason: "malformed_code" });
        }
        expect(types()).toEqual(["setup_started"]);
        const typed = ` ${next(secret).replace(/^.../, "$& ")}`;
        expect((await rig.totp.confirm(user, typed)).ok).toBe(true);
      });
    });

    describe("verify", () => {
      test("refuses everybody whose TOTP is off", async () => {
        const off = { ok: false, reason: "not_enabled" };
        expect(await rig.totp.verify(user, "123456")).toEqual(off);
        const secret = await begin(rig, user);
        expect(await rig.totp.verify(user, next(secret))).toEqual(off);
      });

      test("does not count a text that no code looks like", async () => {
        const { secret } = await enroll(rig, user);
        const nearly = ["0000-0000-0000-000", "000U-0000-0000-0000", "0".repeat(17)];
        const texts = ["", "12345", "12345678", "12a456", "١٢٣٤٥٦", ...nearly];
        for (const text of [...texts, undefined, null, 123_456, {}, ["123456"]]) {
          const outcome = await rig.totp.verify(user, text as string);
          expect(outcome).toEqual({ ok: false, reason: "malformed_code" });
        }
        expect(rig.events).toEqual([]);
        expect((await rig.totp.verify(user, next(secret))).ok).toBe(true);
      });

      test.each([-1, 1])("accepts a code %i steps off, and reports it", async (offset) => {
        const { secret } = await enroll(rig, user);
        rig.clock.advance(60);
        expect(await rig.totp.verify(user, next(secret, offset))).toEqual({
          ok: true,
          method: "totp",
          backupCodesRemaining: 3,
        });
        expect(rig.events).toEqual([
          {
            type: "verified",
            purpose: "verify",
            method: "totp",
            offset,
            backupCodesRemaining: 3,
            wrongCodesBefore: 0,
            userId: user,
            by: "user",
            at: new Date(rig.clock.time),
          },
        ]);
      });

      test.each([-20, -2, 2, 20])(
        "refuses a code %i steps off, and says why in the event alone",
        async (offset) => {
          const { secret } = await enroll(rig, user);
          rig.clock.advance(600);
          const refused = { ok: false, reason: "wrong_code" };
          expect(await rig.totp.verify(user, next(secret, offset))).toEqual(refused);
          const at = new Date(rig.clock.time);
          expect(rig.events).toEqual([
            {
              ...{ type: "rejected", purpose: "verify", reason: "clock_skew", offset },
              ...{ userId: user, by: "user", at },
            },
          ]);
        },
      );

      test("refuses a used code and a wrong one alike, and says why in the event alone", async () => {
        const { secret } = await enroll(rig, user);
        const refused = { ok: false, reason: "wrong_code" };
        const used = next(secret, -1);
        for (const code of [used, next(secret, 21), wrongCode(rig.clock.time, secret)]) {
          expect(await rig.totp.verify(user, code)).toEqual(refused);
        }
        expect(rig.events).toMatchObject([
          { type: "rejected", reason: "already_used", offset: -1 },
          { type: "rejected", reason: "wrong" },
          { type: "rejected", reason: "wrong" },
        ]);
        expect(rig.events[1]).not.toHaveProperty("offset");
      });

      test("does not count a used code, as of a double click", async () => {
        const { secret } = await enroll(rig, user);
        const code = next(secret);
        expect((await rig.totp.verify(user, code)).ok).toBe(true);
        for (let i = 0; i < 12; i++) {
          const outcome = await rig.totp.verify(user, code);
          expect(outcome).toEqual({ ok: false, reason: "wrong_code" });
        }
        rig.clock.advance(30);
        expect((await rig.totp.verify(user, next(secret))).ok).toBe(true);
        expect(rig.events.at(-1)).toMatchObject({ wrongCodesBefore: 0 });
      });

      test("reports how many wrong codes came before an accepted one", async () => {
        const { secret } = await enroll(rig, user);
        for (const code of wrongCodes(3, rig.clock.time, secret)) await rig.totp.verify(user, code);
        await rig.totp.verify(user, next(secret));
        expect(rig.events.at(-1)).toMatchObject({ type: "verified", wrongCodesBefore: 3 });
        await rig.totp.verify(user, next(secret, 1));
        expect(rig.events.at(-1)).toMatchObject({ type: "verified", wrongCodesBefore: 0 });
      });
    });

    describe("three consecutive codes", () => {
      test("work once, in any field for a code", async () => {
        const { secret } = await enroll(rig, user);
        rig.clock.advance(120);
        const codes = threeCodes(secret, rig.clock.time);
        expect(await rig.totp.verify(user, codes)).toEqual({
          ...{ ok: true, method: "three_codes", backupCodesRemaining: 3, clockOffsetSeconds: 0 },
        });
        expect(await rig.totp.verify(user, codes)).toMatchObject({ reason: "wrong_code" });
        expect(await rig.totp.verify(user, next(secret))).toMatchObject({ reason: "wrong_code" });
        rig.clock.advance(90);
        const proof = { code: threeCodes(secret, rig.clock.time) };
        expect(await rig.totp.disable(user, { proof })).toMatchObject({ ok: true });
      });

      test("let their owner in during a lock, and end it", async () => {
        const { secret } = await enroll(rig, user);
        await lock(rig, user, secret);
        const refused = await rig.totp.verify(user, next(secret));
        expect(refused).toMatchObject({ reason: "locked" });
        // The authenticator app's clock is five minutes ahead.
        const codes = threeCodes(secret, rig.clock.time, 10);
        expect(await rig.totp.verify(user, codes)).toEqual({
          ...{ ok: true, method: "three_codes", backupCodesRemaining: 3, clockOffsetSeconds: 300 },
        });
        expect(rig.events.at(-1)).toMatchObject({
          ...{ type: "verified", offset: 10, clockOffsetSeconds: 300, wrongCodesBefore: 5 },
        });
        expect(await rig.totp.status(user)).not.toHaveProperty("lockedUntil");
        expect((await rig.totp.verify(user, next(secret, 1))).ok).toBe(false);
        rig.clock.advance(300);
        expect((await rig.totp.verify(user, next(secret, 1))).ok).toBe(true);
      });
    });

    describe("backup codes", () => {
      let enrolled: Enrolled;
      beforeEach(async () => {
        enrolled = await enroll(rig, user);
      });

      test("each work once, also after others were used, and then none is left", async () => {
        const [one = "", two = "", three = ""] = enrolled.backupCodes;
        for (const [code, backupCodesRemaining] of [
          [two, 2],
          [three, 1],
          [one, 0],
        ] as const) {
          const accepted = { ok: true, method: "backup_code", backupCodesRemaining };
          expect(await rig.totp.verify(user, code)).toEqual(accepted);
          expect(await rig.totp.verify(user, code)).toMatchObject({ reason: "wrong_code" });
        }
        expect((await rig.totp.verify(user, next(enrolled.secret))).ok).toBe(true);
      });

      test("work however they are typed", async () => {
        const typed = [
          (code: string) => code.toLowerCase().replaceAll("-", ""),
          (code: string) => ` ${code.replaceAll("-", " \u2013 ")}\n`,
          (code: string) => code.replaceAll("0", "o").replaceAll("1", "l"),
        ];
        for (const [i, code] of enrolled.backupCodes.entries()) {
          expect(await rig.totp.verify(user, String(typed[i]?.(code)))).toMatchObject({ ok: true });
        }
      });

      test("are reported as few once", async () => {
        const [one = "", two = "", three = ""] = enrolled.backupCodes;
        await rig.totp.status(user);
        expect(types()).toEqual([]);
        await rig.totp.verify(user, one);
        expect(types()).toEqual(["verified", "backup_codes_low"]);
        expect(rig.events).toMatchObject([
          { method: "backup_code", backupCodesRemaining: 2 },
          { backupCodesRemaining: 2 },
        ]);
        expect(rig.events[0]).not.toHaveProperty("offset");
        await rig.totp.verify(user, next(enrolled.secret));
        await rig.totp.verify(user, two);
        await rig.totp.verify(user, three);
        await rig.totp.status(user);
        expect(types().slice(2)).toEqual(["verified", "verified", "verified"]);
      });

      test("pass a lock, and wrong ones are not counted", async () => {
        const wrong = { ok: false, reason: "wrong_code" };
        for (let i = 0; i < 25; i++) {
          expect(await rig.totp.verify(user, "0000-0000-0000-000A")).toEqual(wrong);
        }
        expect(await rig.totp.status(user)).not.toHaveProperty("lockedUntil");
        await lock(rig, user, enrolled.secret);
        expect(await rig.totp.verify(user, "0000-0000-0000-000A")).toEqual(wrong);
        expect(await rig.totp.verify(user, next(enrolled.secret))).toMatchObject({
          reason: "locked",
        });
        const accepted = await rig.totp.verify(user, String(enrolled.backupCodes[0]));
        expect(accepted).toMatchObject({ ok: true, method: "backup_code" });
        expect((await rig.totp.verify(user, next(enrolled.secret))).ok).toBe(true);
      });

      test("are all replaced by new ones", async () => {
        const outcome = await rig.totp.regenerateBackupCodes(user, VOUCHED);
        if (!outcome.ok) throw new Error(outcome.reason);
        expect(types()).toEqual(["backup_codes_regenerated"]);
        expect((await rig.totp.status(user)).backupCodesRemaining).toBe(3);
        for (const code of enrolled.backupCodes) {
          expect(await rig.totp.verify(user, code)).toMatchObject({ reason: "wrong_code" });
        }
        for (const code of outcome.backupCodes) {
          expect(await rig.totp.verify(user, code)).toMatchObject({ ok: true });
        }
      });

      test("are not generated while TOTP is off", async () => {
        const stranger = `${user} (off)`;
        const off = { ok: false, reason: "not_enabled" };
        expect(await rig.totp.regenerateBackupCodes(stranger, VOUCHED)).toEqual(off);
        expect(await rig.totp.regenerateBackupCodes(stranger, { proof: undefined })).toEqual(off);
        expect(rig.events).toEqual([]);
      });

      test("still work after the number and the length of new ones were changed", async () => {
        const { totp } = restart({ backupCodes: { count: 2, length: 24 } });
        expect((await totp.verify(user, String(enrolled.backupCodes[0]))).ok).toBe(true);
        const outcome = await totp.regenerateBackupCodes(user, VOUCHED);
        if (!outcome.ok) throw new Error(outcome.reason);
        expect(outcome.backupCodes).toHaveLength(2);
        const code = String(outcome.backupCodes[0]);
        expect(code).toHaveLength(29);
        expect((await restart().totp.verify(user, code)).ok).toBe(true);
      });

      test("can be turned off", async () => {
        restart({ backupCodes: false });
        // Those from before still work, until the user asks for new ones.
        expect((await rig.totp.verify(user, String(enrolled.backupCodes[0]))).ok).toBe(true);
        const none = { ok: true, backupCodes: [] };
        expect(await rig.totp.regenerateBackupCodes(user, VOUCHED)).toEqual(none);
        const refused = await rig.totp.verify(user, String(enrolled.backupCodes[1]));
        expect(refused).toEqual({ ok: false, reason: "wrong_code" });
        const other = `${user} (other)`;
        const secret = await begin(rig, other);
        expect(await rig.totp.confirm(other, next(secret))).toEqual(none);
        expect((await rig.totp.status(other)).backupCodesRemaining).toBe(0);
      });
    });

    describe("the lockout", () => {
      test("lasts 15 minutes after five wrong codes, and a right code does not end it", async () => {
        const { secret } = await enroll(rig, user);
        const { totp, clock } = rig;
        for (const code of wrongCodes(5, clock.time, secret)) {
          expect(await totp.verify(user, code)).toEqual({ ok: false, reason: "wrong_code" });
        }
        const until = new Date(clock.time + 900_000);
        expect(types()).toEqual([...Array(5).fill("rejected"), "locked"]);
        expect(rig.events.at(-1)).toEqual({
          type: "locked",
          purpose: "verify",
          until,
          userId: user,
          by: "user",
          at: new Date(clock.time),
        });
        expect((await totp.status(user)).lockedUntil).toEqual(until);

        clock.advance(100.5);
        const locked = { ok: false, reason: "locked", retryAfterSeconds: 800 };
        for (const code of [next(secret), wrongCode(clock.time, secret)]) {
          expect(await totp.verify(user, code)).toEqual(locked);
        }
        expect(types().slice(6)).toEqual(["refused_while_locked"]);

        clock.advance(799.5);
        expect(await totp.status(user)).not.toHaveProperty("lockedUntil");
        expect((await totp.verify(user, next(secret))).ok).toBe(true);
      });

      test("is reported once a minute while codes keep coming", async () => {
        const { secret } = await enroll(rig, user);
        await lock(rig, user, secret);
        rig.events.length = 0;
        const until = new Date(rig.clock.time + 900_000);
        for (const seconds of [0, 0, 30, 29.999, 0.001, 0]) {
          rig.clock.advance(seconds);
          const outcome = await restart().totp.verify(user, next(secret));
          expect(outcome).toMatchObject({ reason: "locked" });
          if (rig.events.length === 0) continue;
          expect(rig.events).toMatchObject([
            { type: "refused_while_locked", purpose: "verify", until },
          ]);
          expect([START + 30_000, START + 90_000]).toContain(rig.clock.time);
        }
        expect(rig.clock.time).toBe(START + 90_000);
      });

      test("comes after five more wrong codes each time, as long as before", async () => {
        const { secret } = await enroll(rig, user);
        for (let round = 0; round < 3; round++) {
          await lock(rig, user, secret);
          const { lockedUntil } = await rig.totp.status(user);
          expect(Number(lockedUntil) - rig.clock.time).toBe(900_000);
          rig.clock.advance(900);
        }
        expect((await rig.totp.verify(user, next(secret))).ok).toBe(true);
      });

      test("counts anew after an accepted code", async () => {
        const { secret } = await enroll(rig, user);
        const { totp, clock } = rig;
        for (let round = 0; round < 3; round++) {
          for (const code of wrongCodes(4, clock.time, secret)) await totp.verify(user, code);
          expect((await totp.verify(user, next(secret))).ok).toBe(true);
          clock.advance(30);
        }
      });

      /** Wrong codes with right ones between them, until the allowance is used. */
      async function useAllowance(secret: string): Promise<number> {
        for (let wrong = 1; wrong <= 50; wrong++) {
          await rig.totp.verify(user, wrongCode(rig.clock.time, secret));
          if ((await rig.totp.status(user)).lockedUntil) return wrong;
          rig.clock.advance(30);
          if (!(await rig.totp.verify(user, next(secret))).ok) throw new Error("refused");
        }
        throw new Error("the allowance has no end");
      }

      test("comes at the 20th wrong code of a week, however many right ones come between", async () => {
        const { secret, backupCodes } = await enroll(rig, user);
        expect(await useAllowance(secret)).toBe(20);
        const { lockedUntil } = await rig.totp.status(user);
        // One wrong code is forgiven each 504 minutes. 20 rounds of half a minute have passed.
        expect(Number(lockedUntil) - rig.clock.time).toBe(504 * 60_000 - 19 * 30_000);
        rig.clock.advance(900);
        const refused = await rig.totp.verify(user, next(secret));
        expect(refused).toMatchObject({ reason: "locked" });

        // Its owner gets in, and yet nobody may guess on.
        expect((await rig.totp.verify(user, threeCodes(secret, rig.clock.time))).ok).toBe(true);
        expect((await rig.totp.verify(user, String(backupCodes[0]))).ok).toBe(true);
        expect((await rig.totp.status(user)).lockedUntil).toEqual(lockedUntil);
        rig.clock.time = Number(lockedUntil);
        expect((await rig.totp.verify(user, next(secret))).ok).toBe(true);
        expect(await useAllowance(secret)).toBe(1);
      });

      test("is not shortened by turning TOTP off and on, nor by a new enrollment", async () => {
        const { secret } = await enroll(rig, user);
        await useAllowance(secret);
        const { lockedUntil } = await rig.totp.status(user);
        const code = () => ({ proof: { code: threeCodes(secret, rig.clock.time) } });
        rig.clock.advance(90);
        expect((await rig.totp.disable(user, code())).ok).toBe(true);
        const second = await enroll(rig, user);
        expect((await rig.totp.status(user)).lockedUntil).toEqual(lockedUntil);
        const third = await begin(rig, user, second.backupCodes[0]);
        expect((await rig.totp.confirm(user, next(third))).ok).toBe(true);
        expect((await rig.totp.status(user)).lockedUntil).toEqual(lockedUntil);
      });

      test("is ended by an administrator, who forgives and refills the allowance", async () => {
        const { secret } = await enroll(rig, user);
        await useAllowance(secret);
        rig.events.length = 0;
        expect(await rig.totp.unlock(user)).toEqual({ ok: true, changed: true });
        expect(await rig.totp.unlock(user)).toEqual({ ok: true, changed: false });
        expect(rig.events).toEqual([
          { type: "unlocked", userId: user, by: "trusted", at: new Date(rig.clock.time) },
        ]);
        rig.clock.advance(30);
        expect((await rig.totp.verify(user, next(secret))).ok).toBe(true);
        rig.clock.advance(30);
        expect(await useAllowance(secret)).toBe(20);
        expect(await rig.totp.unlock(`${user} (unknown)`)).toEqual({ ok: true, changed: false });
      });
    });

    describe("a change while TOTP is on", () => {
      type Change = (code?: string) => Promise<{ ok: boolean; reason?: string }>;
      const changes: [string, () => Change, string][] = [
        [
          "setting up again",
          () => (code) => rig.totp.beginSetup(user, { proof: { code } }),
          "setup_started",
        ],
        ["disabling", () => (code) => rig.totp.disable(user, { proof: { code } }), "disabled"],
        [
          "new backup codes",
          () => (code) => rig.totp.regenerateBackupCodes(user, { proof: { code } }),
          "backup_codes_regenerated",
        ],
      ];

      test.each(changes)("%s needs a fresh code", async (_, pick, event) => {
        const change = pick();
        const { secret } = await enroll(rig, user);
        const before = await rig.store.get(user);
        for (const code of [undefined, "", null, 123_456, ["123456"]]) {
          const outcome = await change(code as string);
          expect(outcome).toEqual({ ok: false, reason: "code_required" });
        }
        for (const code of ["12345", "abc", " "]) {
          expect(await change(code)).toEqual({ ok: false, reason: "malformed_code" });
        }
        expect(await rig.store.get(user)).toBe(before);
        const used = next(secret, -1);
        expect(await change(used)).toEqual({ ok: false, reason: "wrong_code" });
        expect(types()).toEqual(["rejected"]);
        expect(rig.events[0]).toMatchObject({ purpose: "step_up", reason: "already_used" });

        expect(await change(next(secret))).toMatchObject({ ok: true });
        expect(types()).toEqual(["rejected", "verified", event]);
        expect(rig.events[1]).toMatchObject({ purpose: "step_up", method: "totp", offset: 0 });
        // It was used up by that.
        expect((await rig.totp.verify(user, next(secret))).ok).toBe(false);
      });

      test.each(changes)("%s takes a backup code too, and uses it up", async (_, pick, event) => {
        const { backupCodes } = await enroll(rig, user);
        const code = String(backupCodes[0]);
        expect(await pick()(code)).toMatchObject({ ok: true });
        expect(types()).toEqual(["verified", "backup_codes_low", event]);
        expect((await rig.totp.verify(user, code)).ok).toBe(false);
      });

      test.each(changes)("%s takes no single code during a lock", async (_, pick) => {
        const { secret, backupCodes } = await enroll(rig, user);
        await lock(rig, user, secret);
        const locked = { ok: false, reason: "locked", retryAfterSeconds: 900 };
        expect(await pick()(next(secret))).toEqual(locked);
        expect((await rig.totp.status(user)).isEnabled).toBe(true);
        expect((await pick()(backupCodes[0])).ok).toBe(true);
      });

      test("needs no code if the app's own code vouches for it, also during a lock", async () => {
        const { secret } = await enroll(rig, user);
        await lock(rig, user, secret);
        rig.events.length = 0;
        expect(await rig.totp.beginSetup(user, VOUCHED)).toMatchObject({ ok: true });
        expect(await rig.totp.regenerateBackupCodes(user, VOUCHED)).toMatchObject({ ok: true });
        expect(await rig.totp.disable(user, VOUCHED)).toEqual({ ok: true, wasEnabled: true });
        expect(rig.events.map(({ by }) => by)).toEqual(["trusted", "trusted", "trusted"]);
      });

      test("needs no code while TOTP is off", async () => {
        expect(await rig.totp.beginSetup(user)).toMatchObject({ ok: true });
        const proof = { code: "12" };
        expect(await rig.totp.beginSetup(user, { proof })).toMatchObject({ ok: true });
        const none = await rig.totp.disable(user, { proof: undefined });
        expect(none).toEqual({ ok: true, wasEnabled: false });
        expect(types()).toEqual(["setup_started", "setup_started"]);
      });
    });

    describe("reset", () => {
      test("removes everything, and reports it", async () => {
        const { secret } = await enroll(rig, user);
        await lock(rig, user, secret);
        rig.events.length = 0;
        expect(await rig.totp.reset(user)).toEqual({ ok: true, changed: true });
        expect(await rig.store.get(user)).toBeUndefined();
        expect(rig.events).toEqual([
          { type: "reset", userId: user, by: "trusted", at: new Date(rig.clock.time) },
        ]);
        expect(await rig.totp.status(user)).toEqual({ isEnabled: false, backupCodesRemaining: 0 });
        await enroll(rig, user);
      });

      test("works for a value that nobody can read", async () => {
        await enroll(rig, user);
        const stored = await rig.store.get(user);
        await rig.store.compareAndSet(user, stored, "damaged");
        await expect(rig.totp.status(user)).rejects.toMatchObject({ code: "UNREADABLE_STATE" });
        expect(await rig.totp.reset(user)).toEqual({ ok: true, changed: true });
        expect(types()).toEqual(["reset"]);
        await enroll(rig, user);
      });

      test("of a user of whom nothing is kept is no event", async () => {
        expect(await rig.totp.reset(user)).toEqual({ ok: true, changed: false });
        expect(types()).toEqual([]);
      });
    });

    describe("parameters are kept with each enrollment", () => {
      const old = { algorithm: "SHA512", digits: 8, period: 60 } as const;

      test("a service that starts with others still accepts the old codes", async () => {
        restart(old);
        const { secret } = await enroll(rig, user, old);
        const { totp, clock } = restart({ algorithm: "SHA256", digits: 6, period: 30 });
        expect((await totp.verify(user, codeAt(secret, clock.time))).ok).toBe(false);
        expect((await totp.verify(user, codeAt(secret, clock.time, old))).ok).toBe(true);
      });

      test("so are those of a setup that began before the restart", async () => {
        restart(old);
        const secret = await begin(rig, user);
        const { totp, clock } = restart();
        expect((await totp.confirm(user, codeAt(secret, clock.time, old))).ok).toBe(true);
      });

      test("and a new setup gets the new ones", async () => {
        restart(old);
        await enroll(rig, user, old);
        restart();
        const setup = await rig.totp.beginSetup(user, VOUCHED);
        if (!setup.ok) throw new Error(setup.reason);
        expect((await rig.totp.confirm(user, next(setup.secret))).ok).toBe(true);
      });
    });

    test("a user id is a number, a bigint or any text", async () => {
      for (const id of [
        users * 1000 + 7,
        2n ** 63n + BigInt(users),
        `${user} ünïcode 🦊`,
        `${user}'"\\%_`,
      ]) {
        const secret = await begin(rig, id as string);
        expect((await rig.totp.confirm(id, next(secret))).ok).toBe(true);
        expect(rig.events.at(-1)).toMatchObject({ type: "enabled", userId: id });
        expect((await rig.totp.status(String(id))).isEnabled).toBe(true);
      }
    });
  });
}
