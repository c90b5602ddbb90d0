import { TRUSTED } from "express-totp-setup";
import { EXPRESS_VERSIONS, type ExpressVersion } from "../helpers/express-versions.js";
import { CALLS } from "../helpers/lockouts.js";
import {
  begin,
  beginWith,
  codeAt,
  createRig,
  enroll,
  secretNo,
  wrongCode,
} from "../helpers/service.js";
import { createServiceApp, PATHS, send, sessionOf } from "../helpers/service-app.js";

const version = EXPRESS_VERSIONS[0] as ExpressVersion;
const MINUTES_OFF = 5;

describe("GovWifi 1120, un/inbox 181, fluxer 210: a wrong first code, a reload or a second click changed the secret", () => {
  test("a wrong first code", async () => {
    const rig = createRig();
    const secret = await begin(rig, "ada");
    for (let i = 0; i < 9; i++) {
      const wrong = wrongCode(rig.clock.time, secret);
      expect(await rig.totp.confirm("ada", wrong)).toEqual({ ok: false, reason: "wrong_code" });
    }
    expect((await rig.totp.confirm("ada", codeAt(secret, rig.clock.time))).ok).toBe(true);
  });

  test.each([0, 1, 2])(
    "a page loaded thrice, of which the user scanned number %i",
    async (scanned) => {
      const rig = createRig();
      const secrets = await Promise.all([1, 2, 3].map(() => begin(rig, "ada")));
      expect(new Set(secrets).size).toBe(3);
      const code = codeAt(String(secrets[scanned]), rig.clock.time);
      expect((await rig.totp.confirm("ada", code)).ok).toBe(true);
      rig.clock.advance(30);
      for (const [i, secret] of secrets.entries()) {
        const outcome = await rig.totp.verify("ada", codeAt(secret, rig.clock.time));
        expect(outcome.ok).toBe(i === scanned);
      }
    },
  );

  test("of four tabs, the oldest is the one that is forgotten", async () => {
    const rig = createRig();
    const secrets = [1, 2, 3, 4].map(secretNo);
    for (const secret of secrets) await beginWith(rig, "ada", secret);
    const [oldest = "", second = ""] = secrets;
    const { time } = rig.clock;
    expect((await rig.totp.confirm("ada", codeAt(oldest, time))).ok).toBe(false);
    expect((await rig.totp.confirm("ada", codeAt(second, time))).ok).toBe(true);
  });

  test("a reload, for a page that kept its secret", async () => {
    const rig = createRig();
    const begun = await rig.totp.beginSetup("ada");
    if (!begun.ok) throw new Error(begun.reason);
    await begin(rig, "ada");
    expect(await rig.totp.resumeSetup("ada", begun.secret)).toEqual(begun);
  });
});

describe("takeover: a setup of somebody else became that of the user", () => {
  test("no call hands out a secret that another call was given", async () => {
    const rig = createRig();
    const { totp } = rig;
    const own = await begin(rig, "ada");
    const others = await Promise.all([
      totp.beginSetup("ada"),
      totp.status("ada"),
      totp.confirm("ada", "000000"),
      totp.verify("ada", "000000"),
      totp.disable("eve", {}),
      ...["", own.slice(1), own.toLowerCase(), `${own}A`, secretNo(1), "__proto__"].map((secret) =>
        totp.resumeSetup("ada", secret),
      ),
      ...[undefined, null, true, [own], { length: own.length }].map((secret) =>
        totp.resumeSetup("ada", secret as unknown as string),
      ),
      totp.resumeSetup("eve", own),
      totp.unlock("ada"),
    ]);
    expect(JSON.stringify(others)).not.toContain(own);
    expect(JSON.stringify(rig.events)).not.toContain(own);
  });

  test("once TOTP is on, resuming hands out nothing, whatever secret it is given", async () => {
    const rig = createRig();
    const older = await begin(rig, "ada");
    const { secret } = await enroll(rig, "ada");
    for (const each of [older, secret]) {
      const outcome = await rig.totp.resumeSetup("ada", each);
      expect(outcome).toEqual({ ok: false, reason: "nothing_pending" });
    }
  });

  test("what a thief began, the owner's confirmation drops, and never enables", async () => {
    const rig = createRig();
    const owners = await begin(rig, "ada");
    const thiefs = await begin(rig, "ada");
    const { totp, clock } = rig;
    expect((await totp.confirm("ada", codeAt(owners, clock.time))).ok).toBe(true);
    const again = await totp.confirm("ada", codeAt(thiefs, clock.time));
    expect(again).toEqual({ ok: false, reason: "already_enabled" });
    clock.advance(30);
    expect((await totp.verify("ada", codeAt(thiefs, clock.time))).ok).toBe(false);
    expect((await totp.verify("ada", codeAt(owners, clock.time))).ok).toBe(true);
  });

  test("ten wrong codes drop what is pending", async () => {
    const rig = createRig();
    const secrets = await Promise.all([1, 2, 3].map(() => begin(rig, "ada")));
    const { totp, clock } = rig;
    const wrong = wrongCode(clock.time, ...secrets);
    const reasons = [];
    for (let i = 0; i < 11; i++) {
      const outcome = await totp.confirm("ada", wrong);
      reasons.push(!outcome.ok && outcome.reason);
    }
    expect(reasons).toEqual([...Array(9).fill("wrong_code"), "expired", "expired"]);
    for (const secret of secrets) {
      const outcome = await totp.confirm("ada", codeAt(secret, clock.time));
      expect(outcome).toEqual({ ok: false, reason: "expired" });
      const resumed = await totp.resumeSetup("ada", secret);
      expect(resumed).toEqual({ ok: false, reason: "nothing_pending" });
    }
  });
});

test("nextcloud/twofactor_totp 214: a setup that was begun and left locked its user out", async () => {
  const made = createServiceApp(version);
  await begin(made, "ada");
  for (const seconds of [0, 599, 2, 90_000]) {
    made.clock.advance(seconds);
    expect((await made.totp.status("ada")).isEnabled).toBe(false);
    expect(await made.totp.verify("ada", "000000")).toEqual({ ok: false, reason: "not_enabled" });
    const body = { session_id: sessionOf("ada"), code: "000000" };
    const res = await send(made.app, PATHS.login, { body });
    expect(res.body.reason).toBe("not_enabled");
    expect((await send(made.app, PATHS.setup)).status).toBe(200);
  }
});

describe("`clock_skew` said at a sign-in tells a guesser which code to send in four minutes", () => {
  test("a setup says how far the clock is off, in either direction", async () => {
    for (const seconds of [60 * MINUTES_OFF, -60 * MINUTES_OFF, 600, -600]) {
      const rig = createRig();
      const secret = await begin(rig, "ada");
      const outcome = await rig.totp.confirm(
        "ada",
        codeAt(secret, rig.clock.time + seconds * 1000),
      );
      expect(outcome).toEqual({ ok: false, reason: "clock_skew", offsetSeconds: seconds });
    }
  });

  test("beyond twenty steps it does not", async () => {
    const rig = createRig();
    const secret = await begin(rig, "ada");
    const outcome = await rig.totp.confirm("ada", codeAt(secret, rig.clock.time + 630_000));
    expect(outcome).toEqual({ ok: false, reason: "wrong_code" });
  });

  test.each(CALLS)("%s does not, beside a setup as without one", async (_, call) => {
    for (const pending of [false, true]) {
      const rig = createRig();
      const { secret } = await enroll(rig, "ada");
      rig.clock.advance(3600);
      if (pending) await rig.totp.beginSetup("ada", { proof: TRUSTED });
      for (const minutes of [MINUTES_OFF, -MINUTES_OFF, 1]) {
        const outcome = await call(rig, codeAt(secret, rig.clock.time + minutes * 60_000));
        expect(outcome).toEqual({ ok: false, reason: "wrong_code" });
      }
    }
  });

  test("nor does a confirmation, of the enrollment that is on", async () => {
    const rig = createRig();
    const { secret } = await enroll(rig, "ada");
    rig.clock.advance(3600);
    await rig.totp.beginSetup("ada", { proof: TRUSTED });
    const code = codeAt(secret, rig.clock.time + MINUTES_OFF * 60_000);
    expect(await rig.totp.confirm("ada", code)).toEqual({ ok: false, reason: "wrong_code" });
  });

  test("over HTTP", async () => {
    const made = createServiceApp(version);
    const { secret } = (await send(made.app, PATHS.setup)).body;
    const code = codeAt(secret, made.clock.time + MINUTES_OFF * 60_000);
    const res = await send(made.app, PATHS.verify, { body: { code } });
    expect([res.status, res.body.reason, res.body.offset_seconds]).toEqual([
      422,
      "clock_skew",
      300,
    ]);
  });
});

describe("a guess that was told to be right later", () => {
  test("is not accepted then, and the code after it is", async () => {
    const rig = createRig();
    const secret = await begin(rig, "ada");
    const code = codeAt(secret, rig.clock.time + MINUTES_OFF * 60_000);
    expect(await rig.totp.confirm("ada", code)).toMatchObject({ reason: "clock_skew" });
    rig.clock.advance(MINUTES_OFF * 60);
    expect(await rig.totp.confirm("ada", code)).toEqual({ ok: false, reason: "wrong_code" });
    rig.clock.advance(30);
    expect(await rig.totp.confirm("ada", codeAt(secret, rig.clock.time))).toMatchObject({
      ok: true,
    });
  });

  test("keeps nobody out who sets the clock of the phone right", async () => {
    const rig = createRig();
    const secret = await begin(rig, "ada");
    await rig.totp.confirm("ada", codeAt(secret, rig.clock.time + MINUTES_OFF * 60_000));
    expect(await rig.totp.confirm("ada", codeAt(secret, rig.clock.time))).toMatchObject({
      ok: true,
    });
  });
});
