import { TotpStateError } from "express-totp-setup";
import { EXPRESS_VERSIONS, type ExpressVersion } from "../helpers/express-versions.js";
import {
  begin,
  beginWith,
  codeAt,
  createRig,
  enroll,
  type Rig,
  secretNo,
} from "../helpers/service.js";
import {
  createServiceApp,
  enrollDirectly,
  PATHS,
  send,
  sessionOf,
} from "../helpers/service-app.js";

const version = EXPRESS_VERSIONS[0] as ExpressVersion;
const session_id = sessionOf("ada");

describe("CVE-2026-44460: the setup endpoint handed out the live secret", () => {
  test("setting up again draws another secret, with a fresh code as without one", async () => {
    const made = createServiceApp(version);
    const { secret, fresh } = await enrollDirectly(made);
    const refused = await send(made.app, PATHS.setup);
    expect([refused.status, Object.keys(refused.body)]).toEqual([
      403,
      ["code", "details", "error", "reason"],
    ]);
    const again = await send(made.app, PATHS.setup, { code: fresh() });
    expect(again.status).toBe(200);
    for (const res of [refused, again]) expect(res.text).not.toContain(secret);
  });

  test("nor does it hand out a pending one a second time", async () => {
    const made = createServiceApp(version, { router: { stepUp: "off" } });
    const secrets = new Set<string>();
    for (let i = 0; i < 5; i++) secrets.add((await send(made.app, PATHS.setup)).body.secret);
    expect(secrets.size).toBe(5);
  });
});

describe("clinch 5178cf3: the client could choose the secret at confirmation", () => {
  const CHOSEN = secretNo(1);

  test("what else is sent with the code means nothing", async () => {
    const made = createServiceApp(version);
    const { secret } = (await send(made.app, PATHS.setup)).body;
    const chosen = {
      secret: CHOSEN,
      totp_secret: CHOSEN,
      otpauth_uri: `otpauth://totp/a?secret=${CHOSEN}`,
    };
    const body = { ...chosen, pending: chosen, code: codeAt(CHOSEN, made.clock.time) };
    const path = `${PATHS.verify}?secret=${CHOSEN}`;
    const headers = { "X-Secret": CHOSEN };
    expect((await send(made.app, path, { body, headers })).status).toBe(422);
    expect((await made.totp.status("ada")).isEnabled).toBe(false);
    const right = { ...chosen, code: codeAt(secret, made.clock.time) };
    expect((await send(made.app, path, { body: right, headers })).status).toBe(200);
    made.clock.advance(30);
    const login = { session_id, secret: CHOSEN, code: codeAt(CHOSEN, made.clock.time) };
    expect((await send(made.app, PATHS.login, { body: login })).status).toBe(401);
  });

  test("nor can there be a confirmation without a setup", async () => {
    const made = createServiceApp(version);
    const body = { secret: CHOSEN, code: codeAt(CHOSEN, made.clock.time) };
    expect((await send(made.app, PATHS.verify, { body })).status).toBe(409);
    expect(await made.store.get("ada")).toBeUndefined();
  });
});

describe("better-auth, by reading: setting up again made an unconfirmed secret live and replaced the backup codes", () => {
  /** That the first enrollment is whole, whatever was begun beside it. */
  async function expectFirstEnrollment(rig: Rig, first: { secret: string; backupCodes: string[] }) {
    const { totp, clock } = rig;
    clock.advance(60);
    expect((await totp.verify("ada", codeAt(first.secret, clock.time))).ok).toBe(true);
    expect((await totp.verify("ada", String(first.backupCodes[2]))).ok).toBe(true);
  }

  test("until it is confirmed, all is as before", async () => {
    const rig = createRig();
    const first = await enroll(rig, "ada");
    const status = await rig.totp.status("ada");
    const pending = secretNo(1);
    await beginWith(rig, "ada", pending);
    expect(await rig.totp.status("ada")).toEqual(status);
    expect((await rig.totp.verify("ada", codeAt(pending, rig.clock.time))).ok).toBe(false);
    await expectFirstEnrollment(rig, first);
  });

  test("also when it is never confirmed, confirmed with wrong codes, or too late", async () => {
    const rig = createRig();
    const first = await enroll(rig, "ada");
    const pending = secretNo(1);
    await beginWith(rig, "ada", pending);
    await rig.totp.confirm("ada", "000000");
    await rig.totp.confirm("ada", codeAt(first.secret, rig.clock.time));
    rig.clock.advance(600);
    const late = await rig.totp.confirm("ada", codeAt(pending, rig.clock.time));
    expect(late).toEqual({ ok: false, reason: "expired" });
    await expectFirstEnrollment(rig, first);
  });

  test("once it is confirmed, nothing of the first is left", async () => {
    const rig = createRig();
    const first = await enroll(rig, "ada");
    const second = secretNo(1);
    await beginWith(rig, "ada", second);
    expect((await rig.totp.confirm("ada", codeAt(second, rig.clock.time))).ok).toBe(true);
    rig.clock.advance(30);
    for (const code of [codeAt(first.secret, rig.clock.time), ...first.backupCodes]) {
      expect((await rig.totp.verify("ada", code)).ok).toBe(false);
    }
    expect((await rig.totp.verify("ada", codeAt(second, rig.clock.time))).ok).toBe(true);
  });

  test("a setup of somebody who only has the API key changes nothing", async () => {
    const made = createServiceApp(version);
    const { secret, backupCodes } = await enrollDirectly(made);
    const before = await made.store.get("ada");
    for (const code of [undefined, "", "123", backupCodes[0]?.slice(0, -1)]) {
      expect((await send(made.app, PATHS.setup, { code })).status).toBe(403);
    }
    expect(await made.store.get("ada")).toBe(before);
    await expectFirstEnrollment(made, { secret, backupCodes });
  });

  test("a setup that was begun before TOTP was on is void once another is confirmed", async () => {
    const rig = createRig();
    const attackers = await begin(rig, "ada");
    const own = await begin(rig, "ada");
    expect((await rig.totp.confirm("ada", codeAt(own, rig.clock.time))).ok).toBe(true);
    const outcome = await rig.totp.confirm("ada", codeAt(attackers, rig.clock.time));
    expect(outcome).toEqual({ ok: false, reason: "already_enabled" });
  });
});

describe("odysseus 1286: enabled without a secret, where any code passed", () => {
  const CODES = ["000000", "123456", "328482", "", "      "];

  async function keep(rig: Rig, change: (state: Record<string, Record<string, unknown>>) => void) {
    const before = String(await rig.store.get("ada"));
    const state = JSON.parse(before);
    change(state);
    expect(await rig.store.compareAndSet("ada", before, JSON.stringify(state))).toBe(true);
  }

  test.each(["", null, undefined, 0, false, [], "=", "A", " ".repeat(32)])(
    "a kept state whose secret is %p lets nobody in, and TOTP is not off",
    async (secret) => {
      for (const part of ["active", "pending"]) {
        const rig = createRig();
        await enroll(rig, "ada");
        await beginWith(rig, "ada", secretNo(1));
        await keep(rig, ({ active, pending }) => {
          const [enrollment] = (pending?.enrollments ?? []) as object[];
          Object.assign((part === "active" ? active : enrollment) as object, { secret });
        });
        for (const code of CODES) {
          await expect(rig.totp.verify("ada", code)).rejects.toBeInstanceOf(TotpStateError);
          await expect(rig.totp.confirm("ada", code)).rejects.toBeInstanceOf(TotpStateError);
        }
        await expect(rig.totp.status("ada")).rejects.toBeInstanceOf(TotpStateError);
        await expect(rig.totp.beginSetup("ada", {})).rejects.toBeInstanceOf(TotpStateError);
      }
    },
  );

  test("a state that has only lost its enrollment is refused, not taken for one without TOTP", async () => {
    const rig = createRig();
    await enroll(rig, "ada");
    await keep(rig, (state) => {
      delete state.active;
    });
    await expect(rig.totp.beginSetup("ada", {})).rejects.toBeInstanceOf(TotpStateError);
    await expect(rig.totp.verify("ada", "000000")).rejects.toBeInstanceOf(TotpStateError);
  });

  test("over HTTP such a user gets a 500, and is not signed in", async () => {
    const made = createServiceApp(version);
    await enrollDirectly(made);
    await keep(made, (state) => Object.assign(state.active as object, { secret: "" }));
    for (const code of CODES.slice(0, 3)) {
      const res = await send(made.app, PATHS.login, { body: { session_id, code } });
      expect([res.status, res.body]).toEqual([500, { code: 500, error: "Internal Server Error" }]);
      expect((await send(made.app, PATHS.transfer, { code })).status).toBe(500);
    }
    expect((await send(made.app, PATHS.status)).status).toBe(500);
    expect(made.transfers).toBe(0);
  });
});
