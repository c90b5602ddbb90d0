import { sessionFreshness } from "express-totp-setup";
import request from "supertest";
import { EXPRESS_VERSIONS } from "../helpers/express-versions.js";
import { AT, createIdentityApp, enrollUser, type IdentityApp } from "../helpers/identity-app.js";
import { codeAt, wrongCode } from "../helpers/service.js";
import { forbidUnhandledRejections } from "../helpers/unhandled.js";

forbidUnhandledRejections();

const UNKNOWN = {
  code: 401,
  details: "The session is unknown or has expired; sign in again",
  error: "Unauthorized",
  reason: "unknown_session",
};

async function beginLogin({ totp }: IdentityApp, userId: string | number | bigint = "ada") {
  const begun = await totp.beginLogin(userId);
  return (begun as { sessionId: string }).sessionId;
}

const login = (made: IdentityApp, body: object) => request(made.app).post(AT.login).send(body);

describe.each(EXPRESS_VERSIONS)("$name", (version) => {
  test("completes a login with nothing but totp and authenticate", async () => {
    const made = createIdentityApp(version);
    const { fresh } = await enrollUser(made);
    const session_id = await beginLogin(made);
    const code = fresh();
    const res = await login(made, { session_id, code });
    expect([res.status, res.text]).toEqual([200, "{}"]);
    expect(res.get("Set-Cookie")).toBeUndefined();
    const again = await login(made, { session_id, code: fresh() });
    expect([again.status, again.text]).toEqual([401, JSON.stringify(UNKNOWN)]);
    expect(made.errors).toEqual([]);
  });

  test("completes it with nothing but totp, getUser and authorizeSetup, for whom nobody is signed in", async () => {
    const getUser = jest.fn(() => null);
    const made = createIdentityApp(version, { identity: { getUser } });
    const { fresh } = await enrollUser(made);
    const session_id = await beginLogin(made);
    expect((await login(made, { session_id, code: fresh() })).status).toBe(200);
    expect(getUser).not.toHaveBeenCalled();
  });

  test.each<[string, string | number | bigint]>([
    ["a string", "ada"],
    ["a number", 7],
    ["a bigint", 7n],
    ["an id of 1 KB", "i".repeat(1024)],
  ])("issues tokens for %s", async (_, userId) => {
    const issueTokens = jest.fn(async () => ({ access_token: "token", roles: ["user"] }));
    const made = createIdentityApp(version, { router: { issueTokens } });
    const { fresh, backupCodes } = await enrollUser(made, userId);
    const session_id = await beginLogin(made, userId);
    const res = await login(made, { session_id, code: fresh() });
    expect(res.body).toEqual({ access_token: "token", roles: ["user"] });
    const second = await beginLogin(made, userId);
    await login(made, { session_id: second, code: backupCodes[0] }).expect(200);
    const circumstances = { purpose: "login", req: expect.anything(), res: expect.anything() };
    expect(issueTokens.mock.calls).toEqual([
      [{ userId, method: "totp", ...circumstances }],
      [{ userId, method: "backup_code", ...circumstances }],
    ]);
  });

  test.each<[string, object, number, string]>([
    ["a wrong code", { code: "wrong" }, 401, "wrong_code"],
    ["what is no code", { code: "12345" }, 400, "malformed_code"],
    ["an unknown session", { session_id: "unknown" }, 401, "unknown_session"],
    ["a session that was altered", { session_id: "altered" }, 401, "unknown_session"],
  ])("refuses %s, and the login goes on", async (_, given, status, reason) => {
    const made = createIdentityApp(version);
    const { secret, fresh } = await enrollUser(made);
    const session_id = await beginLogin(made);
    const replaced: Record<string, string> = {
      wrong: wrongCode(made.clock.time, secret),
      altered: `sAA${session_id.slice(3)}`,
    };
    const body = Object.fromEntries(
      Object.entries({ session_id, code: fresh(), ...given }).map(([name, value]) => [
        name,
        replaced[value] ?? value,
      ]),
    );
    const res = await login(made, body);
    expect([res.status, res.body.reason]).toEqual([status, reason]);
    expect(made.errors).toEqual([]);
    await login(made, { session_id, code: fresh() }).expect(200);
  });

  test("refuses every code while single codes are locked, and says for how long", async () => {
    const made = createIdentityApp(version);
    const { secret, fresh, backupCodes } = await enrollUser(made);
    const session_id = await beginLogin(made);
    for (let i = 0; i < 5; i++) {
      await login(made, { session_id, code: wrongCode(made.clock.time, secret) }).expect(401);
    }
    const res = await login(made, { session_id, code: fresh() });
    expect([res.status, res.body.reason]).toEqual([429, "locked"]);
    expect(res.body.retry_after).toBe(Number(res.get("Retry-After")));
    await login(made, { session_id, code: backupCodes[0] }).expect(200);
  });

  test.each<[string, object, string]>([
    ["no session", { session_id: undefined }, "session_id"],
    ["an empty session", { session_id: "" }, "session_id"],
    ["a session that is a number", { session_id: 1 }, "session_id"],
    ["a session that is a list", { session_id: ["s"] }, "session_id"],
    ["no code", { code: undefined }, "code"],
    ["a code that is a number", { code: 123456 }, "code"],
    ["trust_device as a text", { trust_device: "true" }, "trust_device"],
    ["trust_device as a number", { trust_device: 1 }, "trust_device"],
    ["trust_device as an object", { trust_device: {} }, "trust_device"],
    ["a label that is a number", { trust_device: true, device_label: 1 }, "device_label"],
    ["a label that is a list", { trust_device: true, device_label: ["x"] }, "device_label"],
    ["a label that is an object, not asked for", { device_label: {} }, "device_label"],
  ])("%s is a 400 that names the field, and uses up nothing", async (_, given, field) => {
    const made = createIdentityApp(version);
    const { fresh } = await enrollUser(made);
    const session_id = await beginLogin(made);
    const code = fresh();
    const res = await login(made, { session_id, code, ...given });
    expect(res.status).toBe(400);
    expect(res.body.details).toContain(`"${field}"`);
    await login(made, { session_id, code, trust_device: null, device_label: null }).expect(200);
    expect(await made.totp.listDevices("ada")).toEqual([]);
  });

  test("enrolls a user who must, and sends the backup codes", async () => {
    const made = createIdentityApp(version);
    const begun = await made.totp.beginLogin("ada", { mustEnroll: true });
    const { sessionId: session_id } = begun as { sessionId: string };
    const early = await login(made, { session_id, code: "123456" });
    expect([early.status, early.body.reason]).toEqual([409, "nothing_pending"]);
    const setup = await request(made.app).post(AT.setup).set("X-API-Key", "ada");
    const codeIn = (seconds: number) => codeAt(setup.body.secret, made.clock.time + seconds * 1000);
    const skewed = await login(made, { session_id, code: codeIn(300) });
    expect([skewed.status, skewed.body.reason, skewed.body.offset_seconds]).toEqual([
      422,
      "clock_skew",
      300,
    ]);
    const res = await login(made, { session_id, code: codeIn(0), trust_device: true });
    expect(res.status).toBe(200);
    expect(Object.keys(res.body)).toEqual(["backup_codes", "device_token", "device_expires_at"]);
    expect(res.body.backup_codes).toHaveLength(3);
    expect(await made.totp.status("ada")).toMatchObject({ isEnabled: true });
    await login(made, { session_id, code: res.body.backup_codes[0] }).expect(401);
  });

  test("a login that enrolls keeps its backup codes if no tokens can be issued", async () => {
    const down = new Error("down");
    const issueTokens = () => Promise.reject(down);
    const made = createIdentityApp(version, { router: { issueTokens } });
    const begun = await made.totp.beginLogin("ada", { mustEnroll: true });
    const { sessionId: session_id } = begun as { sessionId: string };
    const setup = await request(made.app).post(AT.setup).set("X-API-Key", "ada");
    const code = codeAt(setup.body.secret, made.clock.time);
    const res = await login(made, { session_id, code });
    expect([res.status, Object.keys(res.body)]).toEqual([200, ["backup_codes"]]);
    expect(made.errors).toEqual([down]);
    // Any other login fails, and nobody is taken for signed in.
    const second = await beginLogin(made);
    const [backupCode] = res.body.backup_codes;
    expect((await login(made, { session_id: second, code: backupCode })).status).toBe(500);
  });

  test("the session of a login opens no other route", async () => {
    const made = createIdentityApp(version, {
      identity: { authenticate: (key: string) => (key === "key of ada" ? "ada" : null) },
    });
    const begun = await made.totp.beginLogin("ada", { mustEnroll: true });
    const { sessionId } = begun as { sessionId: string };
    for (const path of [AT.setup, AT.verify, AT.regenerate, AT.transfers]) {
      await request(made.app)
        .post(path)
        .set("X-API-Key", sessionId)
        .send({ code: "1" })
        .expect(401);
    }
    await request(made.app).delete(AT.delete).set("X-API-Key", sessionId).expect(401);
    await request(made.app).get(AT.status).set("X-API-Key", sessionId).expect(401);
  });

  test("resolveLoginSession takes the place of the library's sessions", async () => {
    const user = { id: 7, name: "Ada" };
    const issueTokens = jest.fn(() => ({ access_token: "token" }));
    const resolveLoginSession = jest.fn(async (id: string) => (id === "own" ? user : null));
    const made = createIdentityApp(version, { router: { issueTokens, resolveLoginSession } });
    const { fresh } = await enrollUser(made, 7);
    const session_id = await beginLogin(made, 7);
    const res = await login(made, { session_id, code: fresh() });
    expect([res.status, res.body]).toEqual([401, UNKNOWN]);
    const own = await login(made, { session_id: "own", code: fresh(), trust_device: true });
    expect([own.status, own.body.access_token]).toEqual([200, "token"]);
    const circumstances = { req: expect.anything(), res: expect.anything() };
    const request = { userId: 7, user, purpose: "login", method: "totp", ...circumstances };
    expect(issueTokens).toHaveBeenCalledWith(request);
    expect(await made.totp.listDevices(7)).toHaveLength(1);
  });

  describe("from another site", () => {
    const evil = { Origin: "https://evil.example", "Sec-Fetch-Site": "cross-site" };
    const freshness = sessionFreshness({ maxAgeSeconds: 60, get: () => null, set: () => {} });

    test.each([
      ["sets a device's cookie", { deviceCookie: true }, 403],
      ["makes a session fresh", { freshness }, 403],
      ["sends a body alone", {}, 200],
    ])("a login that %s", async (_, router, status) => {
      const made = createIdentityApp(version, { router });
      const { fresh } = await enrollUser(made);
      const session_id = await beginLogin(made);
      const body = { session_id, code: fresh(), trust_device: true };
      const res = await login(made, body).set(evil);
      expect(res.status).toBe(status);
      if (status === 403) expect(res.body.reason).toBe("cross_site");
      expect(res.get("Set-Cookie")).toBeUndefined();
      expect(await made.totp.listDevices("ada")).toHaveLength(status === 403 ? 0 : 1);
      // A trusted origin may, also for an app with API keys.
      const trusting = createIdentityApp(version, {
        identity: { authenticate: (key: string) => key, trustedOrigins: [evil.Origin] },
        router,
        service: { store: made.store, now: made.clock.now },
      });
      const trusted = { session_id: await beginLogin(made), code: fresh() };
      await login(trusting, trusted).set(evil).expect(200);
    });
  });
});
