import type { Clock, EncryptionOptions, TotpServiceOptions, TotpStore } from "express-totp-setup";
import {
  begin,
  codeAt,
  createRig,
  type Enrolled,
  enroll,
  lock,
  type Rig,
  START,
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

        const regenerated = await totp.regenerateBackupCodes(user, {
          code: next(setup.secret, 1),
        });
        if (!regenerated.ok) throw new Error(regenerated.reason);
        expect(new Set([...regenerated.backupCodes, ...confirmed.backupCodes]).size).toBe(6);

        const code = regenerated.backupCodes[0];
        expect(await totp.disable(user, { code })).toEqual({ ok: true, wasEnabled: true });
        expect(await totp.status(user)).toEqual({ isEnabled: false, backupCodesRemaining: 0 });
        expect(await totp.disable(user)).toEqual({ ok: true, wasEnabled: false });
        expect(await rig.store.get(user)).toBeUndefined();
        expect(types()).toEqual([
          "setup_started",
          "enabled",
          ...["verified", "verified", "backup_codes_low"],
          "backup_codes_low",
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

      test("begins again after it was turned off, with nothing left of the first time", async () => {
        const old = await enroll(rig, user);
        await rig.totp.disable(user);
        const now = await enroll(rig, user);
        expect(now.secret).not.toBe(old.secret);
        for (const code of [next(old.secret), ...old.backupCodes]) {
          expect(await rig.totp.verify(user, code)).toMatchObject({ reason: "wrong_code" });
        }
        expect((await rig.totp.verify(user, next(now.secret))).ok).toBe(true);
      });

      test("begins with an enrollment of another system too", async () => {
        const { totp } = rig;
        const existing = { secret: "x9fGi@$2<lWn[r8U9DFT", encoding: "ascii" } as const;
        expect(await totp.importEnrollment(user, existing)).toEqual({ ok: true, secretBits: 160 });
        restart();
        const code = next("PA4WMR3JIASDEPDMK5XFW4RYKU4UIRSU");
        expect(await rig.totp.verify(user, code)).toMatchObject({ ok: true });
        expect(await rig.totp.importEnrollment(user, existing)).toMatchObject({ ok: false });
        expect(await rig.totp.verify(user, code)).toMatchObject({ ok: false });
      });

      test("is one for each user", async () => {
        const [other, third] = [`${user} (other)`, user.toUpperCase()];
        const mine = await enroll(rig, user);
        const theirs = await enroll(rig, other);
        expect((await rig.totp.status(third)).isEnabled).toBe(false);
        expect((await rig.totp.verify(other, next(mine.secret))).ok).toBe(false);
        expect((await rig.totp.verify(user, next(mine.secret))).ok).toBe(true);
        await rig.totp.disable(user);
        expect((await rig.totp.verify(other, next(theirs.secret))).ok).toBe(true);
      });
    });

    describe("confirm", () => {
      test("without a setup there is nothing to confirm", async () => {
        const nothing = { ok: false, reason: "nothing_pending" };
        expect(await rig.totp.confirm(user, "123456")).toEqual(nothing);
        const { secret } = await enroll(rig, user);
        expect(await rig.totp.confirm(user, next(secret))).toEqual(nothing);
        expect(rig.events).toEqual([]);
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

      test("an earlier pending secret is void", async () => {
        const [first, second] = [await begin(rig, user), await begin(rig, user)];
        const refused = { ok: false, reason: "wrong_code" };
        expect(await rig.totp.confirm(user, next(first))).toEqual(refused);
        expect((await rig.totp.confirm(user, next(second))).ok).toBe(true);
      });

      test("a text that is no code costs no attempt", async () => {
        const secret = await begin(rig, user);
        const texts = [
          "",
          "12345",
          "1234567",
          "12a456",
          "７７７７７７",
          "00000-00000",
          " ".repeat(99),
        ];
        for (const text of [...texts, undefined, null, 123_456, {}, ["123456"]]) {
          const outcome = await rig.totp.confirm(user, text as string);
          expect(outcome).toEqual({ ok: false, reason: "malformed_code" });
        }
        expect(types()).toEqual(["setup_started"]);
        expect((await rig.totp.confirm(user, ` ${next(secret).replace(/^.../, "$& ")}`)).ok).toBe(
          true,
        );
      });
    });

    describe("verify", () => {
      test("is for those whose TOTP is on", async () => {
        const off = { ok: false, reason: "not_enabled" };
        expect(await rig.totp.verify(user, "123456")).toEqual(off);
        const secret = await begin(rig, user);
        expect(await rig.totp.verify(user, next(secret))).toEqual(off);
      });

      test("a text that is no code costs no attempt", async () => {
        const { secret } = await enroll(rig, user);
        const texts = ["", "12345", "12345678", "12a456", "١٢٣٤٥٦", "00000-0000", "0000U-00000"];
        for (const text of [...texts, undefined, null, 123_456, {}, ["123456"]]) {
          const outcome = await rig.totp.verify(user, text as string);
          expect(outcome).toEqual({ ok: false, reason: "malformed_code" });
        }
        expect(rig.events).toEqual([]);
        expect((await rig.totp.verify(user, next(secret))).ok).toBe(true);
      });

      test.each([-1, 1])("accepts a code %i steps off, and tells the operator", async (offset) => {
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
            userId: user,
            at: new Date(rig.clock.time),
          },
        ]);
      });

      test.each([-10, -2, 2, 10])(
        "refuses a code %i steps off, and tells the operator alone why",
        async (offset) => {
          const { secret } = await enroll(rig, user);
          rig.clock.advance(600);
          const refused = { ok: false, reason: "wrong_code" };
          expect(await rig.totp.verify(user, next(secret, offset))).toEqual(refused);
          const at = new Date(rig.clock.time);
          expect(rig.events).toEqual([
            { type: "rejected", purpose: "verify", reason: "clock_skew", offset, userId: user, at },
          ]);
        },
      );

      test("refuses a used code and a wrong one alike, and tells the operator alone why", async () => {
        const { secret } = await enroll(rig, user);
        const refused = { ok: false, reason: "wrong_code" };
        const used = next(secret, -1);
        for (const code of [used, next(secret, 11), wrongCode(rig.clock.time, secret)]) {
          expect(await rig.totp.verify(user, code)).toEqual(refused);
        }
        expect(rig.events).toMatchObject([
          { type: "rejected", reason: "already_used", offset: -1 },
          { type: "rejected", reason: "wrong" },
          { type: "rejected", reason: "wrong" },
        ]);
        expect(rig.events[1]).not.toHaveProperty("offset");
      });
    });

    describe("backup codes", () => {
      let enrolled: Enrolled;
      beforeEach(async () => {
        enrolled = await enroll(rig, user);
      });

      test("each works once, also after others were used, and then none is left", async () => {
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
          (code: string) => code.toLowerCase().replace("-", ""),
          (code: string) => ` ${code.replace("-", " \u2013 ")}\n`,
          (code: string) => code.replaceAll("0", "o").replaceAll("1", "l"),
        ];
        for (const [i, code] of enrolled.backupCodes.entries()) {
          expect(await rig.totp.verify(user, String(typed[i]?.(code)))).toMatchObject({ ok: true });
        }
      });

      test("those that are left are told of when they become few, upon use and by status", async () => {
        const [one = "", two = ""] = enrolled.backupCodes;
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
        expect(types()).toEqual(["verified", "backup_codes_low", "verified"]);
        await rig.totp.verify(user, two);
        await rig.totp.status(user);
        expect(rig.events.slice(4)).toMatchObject([
          { type: "backup_codes_low", backupCodesRemaining: 1 },
          { type: "backup_codes_low", backupCodesRemaining: 1 },
        ]);
      });

      test("new ones make the old ones void", async () => {
        const outcome = await rig.totp.regenerateBackupCodes(user);
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

      test("there are new ones only where TOTP is on", async () => {
        const stranger = `${user} (off)`;
        const off = { ok: false, reason: "not_enabled" };
        expect(await rig.totp.regenerateBackupCodes(stranger)).toEqual(off);
        expect(await rig.totp.regenerateBackupCodes(stranger, {})).toEqual(off);
        expect(rig.events).toEqual([]);
      });

      test("still work after the number and the cost of new ones were changed", async () => {
        const { totp } = restart({ backupCodes: { count: 2, cost: 4096 } });
        expect((await totp.verify(user, String(enrolled.backupCodes[0]))).ok).toBe(true);
        const outcome = await totp.regenerateBackupCodes(user);
        expect(outcome).toMatchObject({
          ok: true,
          backupCodes: [{}, {}].map(() => expect.any(String)),
        });
        const codes = outcome.ok ? outcome.backupCodes : [];
        expect((await restart().totp.verify(user, String(codes[0]))).ok).toBe(true);
      });
    });

    describe("the budget of wrong codes", () => {
      test("five, then a lock of 15 minutes, which a right code does not open", async () => {
        const { secret, backupCodes } = await enroll(rig, user);
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
          at: new Date(clock.time),
        });
        expect((await totp.status(user)).lockedUntil).toEqual(until);

        clock.advance(100.5);
        const locked = { ok: false, reason: "locked", retryAfterSeconds: 800 };
        for (const code of [next(secret), String(backupCodes[0]), wrongCode(clock.time, secret)]) {
          expect(await totp.verify(user, code)).toEqual(locked);
        }
        expect(types()).toHaveLength(6);

        clock.advance(799.5);
        expect(await totp.status(user)).not.toHaveProperty("lockedUntil");
        expect((await totp.verify(user, next(secret))).ok).toBe(true);
        expect((await totp.verify(user, String(backupCodes[0]))).ok).toBe(true);
      });

      test("locks double up to a day, and begin anew after a success", async () => {
        const { secret } = await enroll(rig, user);
        const { totp, clock } = rig;
        const minutes = [15, 30, 60, 120, 240, 480, 960, 1440, 1440];
        for (const length of minutes) {
          await lock(rig, user, secret);
          const { lockedUntil } = await totp.status(user);
          expect(Number(lockedUntil) - clock.time).toBe(length * 60_000);
          clock.advance(length * 60);
        }
        expect((await totp.verify(user, next(secret))).ok).toBe(true);
        clock.advance(30);
        await lock(rig, user, secret);
        expect(Number((await totp.status(user)).lockedUntil) - clock.time).toBe(900_000);
      });

      test("a success clears what was counted before it", async () => {
        const { secret } = await enroll(rig, user);
        const { totp, clock } = rig;
        for (let round = 0; round < 3; round++) {
          for (const code of wrongCodes(4, clock.time, secret)) await totp.verify(user, code);
          expect((await totp.verify(user, next(secret))).ok).toBe(true);
          clock.advance(30);
        }
      });

      test("can be set", async () => {
        restart({ attempts: { limit: 2, lockSeconds: 10, maxLockSeconds: 15 } });
        const { secret } = await enroll(rig, user);
        for (const seconds of [10, 15, 15]) {
          await lock(rig, user, secret);
          const code = next(secret);
          const locked = { ok: false, reason: "locked", retryAfterSeconds: seconds };
          expect(await rig.totp.verify(user, code)).toEqual(locked);
          rig.clock.advance(seconds);
        }
      });

      test("an administrator can end a lock, and forgive", async () => {
        const { secret } = await enroll(rig, user);
        await lock(rig, user, secret);
        rig.events.length = 0;
        expect(await rig.totp.unlock(user)).toEqual({ ok: true });
        expect(await rig.totp.unlock(user)).toEqual({ ok: true });
        expect(rig.events).toEqual([
          { type: "unlocked", userId: user, at: new Date(rig.clock.time) },
        ]);
        expect((await rig.totp.verify(user, next(secret))).ok).toBe(true);
        expect(await rig.totp.unlock(`${user} (unknown)`)).toEqual({ ok: true });
      });
    });

    describe("a change while TOTP is on", () => {
      type Change = (code?: string) => Promise<{ ok: boolean; reason?: string }>;
      const changes: [string, () => Change, string][] = [
        ["setting up again", () => (code) => rig.totp.beginSetup(user, { code }), "setup_started"],
        ["disabling", () => (code) => rig.totp.disable(user, { code }), "disabled"],
        [
          "new backup codes",
          () => (code) => rig.totp.regenerateBackupCodes(user, { code }),
          "backup_codes_regenerated",
        ],
      ];

      test.each(changes)("%s needs a fresh code", async (_, pick, event) => {
        const change = pick();
        const { secret } = await enroll(rig, user);
        const before = await rig.store.get(user);
        for (const code of [undefined, "", null as unknown as string]) {
          expect(await change(code)).toEqual({ ok: false, reason: "code_required" });
        }
        for (const code of ["12345", "abc", 123_456 as unknown as string]) {
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

      test.each(changes)("%s is impossible while locked", async (_, pick) => {
        const { secret } = await enroll(rig, user);
        await lock(rig, user, secret);
        const locked = { ok: false, reason: "locked", retryAfterSeconds: 900 };
        expect(await pick()(next(secret))).toEqual(locked);
        expect((await rig.totp.status(user)).isEnabled).toBe(true);
      });

      test("that an administrator vouches for needs none, also while locked", async () => {
        const { secret } = await enroll(rig, user);
        await lock(rig, user, secret);
        expect(await rig.totp.beginSetup(user)).toMatchObject({ ok: true });
        expect(await rig.totp.regenerateBackupCodes(user)).toMatchObject({ ok: true });
        expect(await rig.totp.disable(user)).toEqual({ ok: true, wasEnabled: true });
      });

      test("needs none while TOTP is off", async () => {
        expect(await rig.totp.beginSetup(user, {})).toMatchObject({ ok: true });
        expect(await rig.totp.beginSetup(user, { code: "12" })).toMatchObject({ ok: true });
        expect(await rig.totp.disable(user, {})).toEqual({ ok: true, wasEnabled: false });
        expect(types()).toEqual(["setup_started", "setup_started"]);
      });
    });

    describe("parameters are kept with each enrollment", () => {
      const old = { algorithm: "SHA512", digits: 8, period: 60 } as const;

      test("a service that is started with others still knows the old codes", async () => {
        restart(old);
        const { secret } = await enroll(rig, user, old);
        const { totp, clock } = restart({ algorithm: "SHA256", digits: 6, period: 30 });
        expect((await totp.verify(user, codeAt(secret, clock.time))).ok).toBe(false);
        expect((await totp.verify(user, codeAt(secret, clock.time, old))).ok).toBe(true);
      });

      test("a setup that began before the restart too", async () => {
        restart(old);
        const secret = await begin(rig, user);
        const { totp, clock } = restart();
        expect((await totp.confirm(user, codeAt(secret, clock.time, old))).ok).toBe(true);
      });

      test("a new setup gets the new ones", async () => {
        restart(old);
        await enroll(rig, user, old);
        restart();
        const secret = await begin(rig, user);
        expect((await rig.totp.confirm(user, next(secret))).ok).toBe(true);
      });
    });

    test("a user id may be a number, a bigint or anything that is written in letters", async () => {
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
