import type { Express } from "express";
import request from "supertest";
import { EXPRESS_VERSIONS } from "../helpers/express-versions.js";
import { codeAt } from "../helpers/service.js";
import {
  createServiceApp,
  enrollDirectly,
  keyOf,
  PATHS,
  send,
  sessionOf,
} from "../helpers/service-app.js";
import { forbidUnhandledRejections } from "../helpers/unhandled.js";

forbidUnhandledRejections();

/** A user as an app's own table may have it. */
interface Row {
  tenant: string;
  email: string;
}

const KEY = { "X-API-Key": keyOf("ada") };

describe.each(EXPRESS_VERSIONS)("$name", (version) => {
  const { express } = version;

  describe("basePath", () => {
    test.each([
      ["/2fa", "/2fa"],
      ["/2fa/", "/2fa"],
      ["/users/:id/totp", "/users/7/totp"],
      ["/", ""],
    ])("%s", async (basePath, prefix) => {
      const { app } = createServiceApp(version, { router: { basePath } });
      const { body } = await request(app).post(`${prefix}/setup`).set(KEY).expect(200);
      expect(body.secret).toHaveLength(32);
      await request(app).get(`${prefix}/status`).set(KEY).expect(200);
      await request(app).post(`${prefix}/verify`).set(KEY).expect(400);
      await request(app).delete(`${prefix}/delete`).set(KEY).expect(200);
      await request(app).post(`${prefix}/backup-codes/regenerate`).set(KEY).expect(409);
      await request(app).get(PATHS.status).set(KEY).expect(404);
      // The login route has a path of its own.
      await request(app).post(PATHS.login).expect(400);
    });
  });

  test("loginPath", async () => {
    const { app } = createServiceApp(version, { router: { loginPath: "/login/2" } });
    await request(app).post("/login/2").expect(400);
    await request(app).post(PATHS.login).expect(404);
  });

  test("without resolveLoginSession the login route takes the sessions of beginLogin", async () => {
    const made = createServiceApp(version, { router: { resolveLoginSession: undefined } });
    const { fresh } = await enrollDirectly(made);
    const login = await made.totp.beginLogin("ada");
    if (!login.ok || !login.isRequired) throw new Error("no login");
    const complete = (session_id: string) =>
      send(made.app, PATHS.login, { as: null, body: { session_id, code: fresh() } });
    for (const unknown of [sessionOf("ada"), `${login.sessionId}x`]) {
      const { status, body } = await complete(unknown);
      expect([status, body.reason]).toEqual([401, "unknown_session"]);
    }
    expect((await complete(login.sessionId)).status).toBe(200);
    made.clock.advance(30);
    expect((await complete(login.sessionId)).body.reason).toBe("unknown_session");
  });

  test("without freshness there is no route for a step-up", async () => {
    const { app } = createServiceApp(version);
    await request(app).post(PATHS.stepUp).set(KEY).send({ code: "123456" }).expect(404);
    await request(app).get(PATHS.stepUp).set(KEY).expect(404);
  });

  test("otpauthUri adds the URI for a phone that is also the browser", async () => {
    const { app } = createServiceApp(version, { router: { otpauthUri: true } });
    const { text, body } = await send(app, PATHS.setup);
    const uri = `otpauth://totp/Acme:ada?secret=${body.secret}&issuer=Acme`;
    const keys = { qr_code_url: uri, secret: body.secret, otpauth_uri: uri };
    expect(text).toBe(JSON.stringify(keys));
  });

  test("mustEnroll is called before TOTP is turned off, and only false allows it", async () => {
    const decisions: unknown[] = [];
    let decision: unknown;
    const made = createServiceApp(version, {
      router: {
        mustEnroll: (user: unknown, req: { path: string }) => {
          decisions.push([user, req.path]);
          return decision;
        },
      },
    });
    const { fresh } = await enrollDirectly(made, "ada");
    const code = fresh();
    for (decision of [true, undefined, null, 0, 1, "no", {}, Promise.resolve(true)]) {
      const { status, text } = await send(made.app, PATHS.delete, { code });
      const details = "TOTP is mandatory for this user";
      const body = { code: 403, details, error: "Forbidden", reason: "not_authorized" };
      expect([status, text]).toEqual([403, JSON.stringify(body)]);
    }
    expect(await made.totp.status("ada")).toMatchObject({ isEnabled: true });
    // The code is not used up.
    decision = Promise.resolve(false);
    expect((await send(made.app, PATHS.delete, { code })).status).toBe(200);
    expect(decisions).toEqual(Array(9).fill(["ada", PATHS.delete]));
  });

  test("authorizeSetup is called for each setup, and only true allows it while TOTP is off", async () => {
    const decisions: unknown[] = [];
    let decision: unknown = false;
    const made = createServiceApp(version, {
      router: {
        authorizeSetup: (user: unknown, req: { path: string }) => {
          decisions.push([user, req.path]);
          return decision;
        },
      },
    });
    for (decision of [false, undefined, null, 0, 1, "yes", {}, Promise.resolve("yes")]) {
      const { status, text } = await send(made.app, PATHS.setup);
      const details = "Setting up TOTP is not allowed now; sign in again, then retry";
      const body = { code: 403, details, error: "Forbidden", reason: "not_authorized" };
      expect([status, text]).toEqual([403, JSON.stringify(body)]);
    }
    expect(await made.store.get("ada")).toBeUndefined();
    for (decision of [true, Promise.resolve(true)]) {
      expect((await send(made.app, PATHS.setup)).status).toBe(200);
    }
    expect(decisions).toEqual(Array(10).fill(["ada", PATHS.setup]));
    // While TOTP is on, a code allows it.
    decision = false;
    const { fresh } = await enrollDirectly(made, "eve");
    expect((await send(made.app, PATHS.setup, { as: "eve", code: fresh() })).status).toBe(200);
    expect((await send(made.app, PATHS.setup, { as: "eve" })).body.reason).toBe("code_required");
  });

  test("apiKeyHeader", async () => {
    const apiKeyHeader = "X-Token";
    const { app } = createServiceApp(version, {
      router: { apiKeyHeader },
      guard: { apiKeyHeader },
    });
    await request(app).post(PATHS.setup).set("X-Token", keyOf("ada")).expect(200);
    await request(app).get(PATHS.status).set("X-Token", keyOf("ada")).expect(200);
    await request(app).post(PATHS.transfer).set("X-Token", keyOf("ada")).expect(403);
    for (const path of [PATHS.setup, PATHS.transfer]) {
      const { body } = await request(app).post(path).set(KEY).expect(401);
      expect(body.details).toBe("The X-Token header is missing");
    }
  });

  test("below a prefix, several times, with nothing shared", async () => {
    const [north, south] = [createServiceApp(version), createServiceApp(version)];
    const app = express().use("/north", north.app).use("/south", south.app);
    const { secret } = (await request(app).post(`/north${PATHS.setup}`).set(KEY)).body;
    const code = codeAt(secret, north.clock.time);
    await request(app).post(`/south${PATHS.verify}`).set(KEY).send({ code }).expect(409);
    await request(app).post(`/north${PATHS.verify}`).set(KEY).send({ code }).expect(200);
    const status = async (path: string) => (await request(app).get(path).set(KEY)).body.is_setup;
    expect(await status(`/north${PATHS.status}`)).toBe(true);
    expect(await status(`/south${PATHS.status}`)).toBe(false);
  });

  test('stepUp "off" leaves fresh codes to the app', async () => {
    const made = createServiceApp(version, { router: { stepUp: "off" } });
    const { secret } = await enrollDirectly(made);
    expect((await send(made.app, PATHS.regenerate)).status).toBe(200);
    const again = await send(made.app, PATHS.setup);
    expect(again.status).toBe(200);
    expect(again.body.secret).not.toBe(secret);
    // A code that comes all the same is not looked at, and so not used up.
    expect((await send(made.app, PATHS.setup, { code: "wrong" })).status).toBe(200);
    expect((await send(made.app, PATHS.delete)).status).toBe(200);
    expect(made.events.map(({ type }) => type)).not.toContain("rejected");
  });

  test("the names, the drawing and the parameters of a setup are those of the service", async () => {
    const made = createServiceApp(version, {
      service: {
        issuer: async (user) => `Acme of ${(user as unknown as Row).tenant}`,
        accountName: (user) => (user as unknown as Row).email,
        algorithm: "SHA256",
        digits: 8,
        period: 60,
        secretBytes: 32,
        qrCode: (uri) => `https://qr.example/${encodeURIComponent(uri)}`,
      },
      router: { authenticate: () => ({ id: 7, tenant: "North", email: "ada@example.com" }) },
    });
    const { body } = await send(made.app, PATHS.setup);
    expect(body.secret).toHaveLength(52);
    expect(decodeURIComponent(body.qr_code_url)).toBe(
      "https://qr.example/otpauth://totp/Acme%20of%20North:ada%40example.com" +
        `?secret=${body.secret}&issuer=Acme%20of%20North&algorithm=SHA256&digits=8&period=60`,
    );
    const parameters = { algorithm: "SHA256", digits: 8, period: 60 } as const;
    const code = codeAt(body.secret, made.clock.time, parameters);
    expect((await send(made.app, PATHS.verify, { body: { code } })).status).toBe(200);
    expect((await made.totp.status(7)).isEnabled).toBe(true);
  });

  describe("a request that an app's parser has read", () => {
    test.each<[string, (app: Express) => void]>([
      ["as JSON", (app) => app.use(express.json())],
      ["as JSON, twice", (app) => app.use(express.json(), express.json())],
      ["as JSON of its own kind", (app) => app.use(express.json({ type: "*/*" }))],
      ["as JSON or form", (app) => app.use(express.json(), express.urlencoded({ extended: true }))],
    ])("%s", async (_, before) => {
      const made = createServiceApp(version, { before });
      const { secret } = (await send(made.app, PATHS.setup)).body;
      const code = codeAt(secret, made.clock.time);
      expect((await send(made.app, PATHS.verify, { body: { code } })).status).toBe(200);
      made.clock.advance(30);
      const body = { session_id: sessionOf("ada"), code: codeAt(secret, made.clock.time) };
      expect((await send(made.app, PATHS.login, { body })).status).toBe(200);
    });

    test("leaves the body to the app's own routes", async () => {
      const made = createServiceApp(version, {});
      made.app.post("/echo", express.json(), (req, res) => res.json(req.body));
      const { body } = await request(made.app).post("/echo").send({ code: 1 });
      expect(body).toEqual({ code: 1 });
    });
  });

  test("a JSON type is one with a charset too, in whatever case", async () => {
    const made = createServiceApp(version);
    for (const type of ["application/json; charset=utf-8", "APPLICATION/JSON"]) {
      const headers = { "Content-Type": type };
      const res = await send(made.app, PATHS.verify, { body: '{"code":"123456"}', headers });
      expect([type, res.status]).toEqual([type, 409]);
    }
  });
});
