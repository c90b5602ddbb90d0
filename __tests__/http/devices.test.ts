import type { IncomingMessage } from "node:http";
import request from "supertest";
import { EXPRESS_VERSIONS } from "../helpers/express-versions.js";
import { AT, createIdentityApp, enrollUser, type IdentityApp } from "../helpers/identity-app.js";
import { forbidUnhandledRejections } from "../helpers/unhandled.js";

forbidUnhandledRejections();

const DAY_MS = 86_400_000;

/** Completes a login of ada with a code, and asks to trust the device. */
async function loginAndTrust(made: IdentityApp, code: string, more: object = {}) {
  const begun = await made.totp.beginLogin("ada");
  const { sessionId: session_id } = begun as { sessionId: string };
  return request(made.app)
    .post(AT.login)
    .send({ session_id, code, trust_device: true, ...more });
}

const list = (made: IdentityApp, apiKey = "ada") =>
  request(made.app).get(AT.devices).set("X-API-Key", apiKey);
const revoke = (made: IdentityApp, id: string, apiKey = "ada") =>
  request(made.app)
    .delete(`${AT.devices}/${encodeURIComponent(id)}`)
    .set("X-API-Key", apiKey);

describe.each(EXPRESS_VERSIONS)("$name", (version) => {
  test("trusts a device by a field of the login, once its code was right", async () => {
    const made = createIdentityApp(version);
    const { fresh } = await enrollUser(made);
    const refused = await loginAndTrust(made, "000000");
    expect([refused.status, refused.body.device_token]).toEqual([401, undefined]);
    expect((await list(made)).body).toEqual({ devices: [] });

    const res = await loginAndTrust(made, fresh(), { device_label: "Ada's\r\n laptop" });
    const device_expires_at = new Date(made.clock.time + 30 * DAY_MS).toISOString();
    expect(res.body).toEqual({
      device_token: expect.stringMatching(/^[\w-]{43}$/),
      device_expires_at,
    });
    expect(res.get("Set-Cookie")).toBeUndefined();
    const deviceToken = res.body.device_token;
    expect((await made.totp.beginLogin("ada", { deviceToken })).isRequired).toBe(false);
    const listed = await list(made);
    const created_at = new Date(made.clock.time).toISOString();
    expect(listed.body).toEqual({
      devices: [
        {
          id: expect.any(String),
          label: "Ada's laptop",
          created_at,
          expires_at: device_expires_at,
        },
      ],
    });
    expect(listed.get("Cache-Control")).toBe("no-store");
    expect(listed.text).not.toContain(deviceToken);
  });

  test("trusts none, but signs the user in, if TOTP is turned off in between", async () => {
    const made = createIdentityApp(version);
    const { fresh } = await enrollUser(made);
    const { totp } = made;
    const { trustDevice } = totp;
    totp.trustDevice = async (...args) => {
      await totp.reset("ada");
      return trustDevice(...args);
    };
    const res = await loginAndTrust(made, fresh());
    expect([res.status, res.text]).toEqual([200, "{}"]);
    expect(made.errors).toEqual([]);
  });

  test("revokes none if another write always succeeds first", async () => {
    const made = createIdentityApp(version);
    const { fresh } = await enrollUser(made);
    await loginAndTrust(made, fresh());
    const [device] = await made.totp.listDevices("ada");
    made.store.compareAndSet = async () => false;
    const res = await revoke(made, String(device?.id));
    expect([res.status, res.body.reason, res.get("Retry-After")]).toEqual([429, "busy", "1"]);
    expect(await made.totp.listDevices("ada")).toEqual([device]);
  });

  test.each([
    [{ trust_device: false }],
    [{ trust_device: undefined }],
    [{ trust_device: null }],
    [{ trust_device: undefined, device_label: "Laptop" }],
  ])("trusts none with %p", async (fields) => {
    const made = createIdentityApp(version, { router: { deviceCookie: true } });
    const { fresh } = await enrollUser(made);
    const res = await loginAndTrust(made, fresh(), fields);
    expect([res.status, res.text, res.get("Set-Cookie")]).toEqual([200, "{}", undefined]);
    expect(await made.totp.listDevices("ada")).toEqual([]);
  });

  test("sends the token as a cookie with deviceCookie, and beside the app's own", async () => {
    const made = createIdentityApp(version, {
      router: {
        deviceCookie: true,
        issueTokens: ({ res }: { res: { append: (name: string, value: string) => void } }) => {
          res.append("Set-Cookie", "sid=1; HttpOnly");
        },
      },
    });
    const { fresh } = await enrollUser(made);
    const res = await loginAndTrust(made, fresh());
    const expiresAt = new Date(made.clock.time + 30 * DAY_MS);
    expect(res.body).toEqual({ device_expires_at: expiresAt.toISOString() });
    const [own, cookie = "", ...others] = res.get("Set-Cookie") ?? [];
    expect([own, others]).toEqual(["sid=1; HttpOnly", []]);
    const [, deviceToken] = /^__Host-totp-device=([\w-]{43});/.exec(cookie) ?? [];
    expect(cookie).toBe(
      `__Host-totp-device=${deviceToken}; Expires=${expiresAt.toUTCString()}; Path=/; HttpOnly; Secure; SameSite=Lax`,
    );
    expect(res.text).not.toContain(deviceToken);
    const next = { headers: { cookie: `sid=1; __Host-totp-device=${deviceToken}` } };
    expect(version.lib.readDeviceToken(next as IncomingMessage)).toBe(deviceToken);
    expect((await made.totp.beginLogin("ada", { deviceToken })).isRequired).toBe(false);
  });

  test("lists ten, without those that have expired", async () => {
    const made = createIdentityApp(version);
    await enrollUser(made);
    for (let i = 0; i < 12; i++) await made.totp.trustDevice("ada", { label: `Device ${i}` });
    const { body } = await list(made);
    const labels = body.devices.map(({ label }: { label: string }) => label);
    expect(labels).toEqual(Array.from({ length: 10 }, (_, i) => `Device ${i + 2}`));
    made.clock.time += 30 * DAY_MS;
    expect((await list(made)).body).toEqual({ devices: [] });
  });

  test("lists none while TOTP is off", async () => {
    const res = await list(createIdentityApp(version));
    expect([res.status, res.text]).toEqual([200, '{"devices":[]}']);
  });

  test("revokes one by its id, without a code, and says the same of an unknown one", async () => {
    const made = createIdentityApp(version, { router: { eventContext: () => "10.0.0.1" } });
    const { fresh } = await enrollUser(made);
    const one = await loginAndTrust(made, fresh());
    const two = await loginAndTrust(made, fresh());
    const [device] = (await list(made)).body.devices;
    made.events.length = 0;
    for (const id of [device.id, device.id, "unknown", "__proto__", "a/b", "\u0000", "猫"]) {
      const res = await revoke(made, id);
      expect([res.status, res.text]).toEqual([204, ""]);
    }
    expect(made.events).toMatchObject([
      { type: "device_revoked", deviceId: device.id, context: "10.0.0.1" },
    ]);
    const isRequired = async (deviceToken: string) =>
      (await made.totp.beginLogin("ada", { deviceToken })).isRequired;
    expect(await isRequired(one.body.device_token)).toBe(true);
    expect(await isRequired(two.body.device_token)).toBe(false);
  });

  test("revokes no device of another user", async () => {
    const made = createIdentityApp(version);
    const { fresh } = await enrollUser(made);
    await loginAndTrust(made, fresh());
    const [device] = (await list(made)).body.devices;
    expect((await list(made, "eve")).body).toEqual({ devices: [] });
    await revoke(made, device.id, "eve").expect(204);
    expect((await list(made)).body.devices).toHaveLength(1);
  });

  test("refuses who is nobody, and what is no path", async () => {
    const made = createIdentityApp(version, { identity: { getUser: () => null } });
    await request(made.app).get(AT.devices).expect(401);
    await request(made.app).delete(`${AT.devices}/1`).expect(401);
    await request(made.app).delete(`${AT.devices}/%E0%A4%A`).expect(400);
  });

  test("a store that fails while the device is trusted costs nobody the login", async () => {
    const made = createIdentityApp(version);
    const { fresh } = await enrollUser(made);
    const down = new Error("the database is down");
    made.totp.trustDevice = () => Promise.reject(down);
    const res = await loginAndTrust(made, fresh());
    expect([res.status, res.text]).toEqual([200, "{}"]);
    expect(made.errors).toEqual([down]);
  });
});
