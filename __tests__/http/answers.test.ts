import type { Request } from "express";
import type { TotpSetupOptions, TotpUser } from "express-totp-setup";
import request from "supertest";
import { settle } from "../helpers/deferred.js";
import { EXPRESS_VERSIONS } from "../helpers/express-versions.js";
import { API_KEY, createSetupApp, SETUP_PATH } from "../helpers/setup-app.js";
import { forbidUnhandledRejections } from "../helpers/unhandled.js";
import { validated } from "../helpers/validated.js";

forbidUnhandledRejections();

const NEVER = new Promise<never>(() => {});
const REJECTED = '{"code":401,"details":"The provided ID is not valid","error":"Unauthorized"}';

describe.each(EXPRESS_VERSIONS)("$name", (version) => {
  const { express, lib } = version;

  describe("a known key", () => {
    test("is answered with the QR code and the secret, in this order and nothing else", async () => {
      const { app, saved } = createSetupApp(version, { qrCode: undefined });
      const res = await request(app).post(SETUP_PATH).set("X-API-Key", API_KEY).expect(200);
      expect(res.text).toMatch(
        /^\{"qr_code_url":"data:image\/png;base64,[A-Za-z0-9+/]+={0,2}","secret":"[A-Z2-7]{32}"\}$/,
      );
      expect(res.get("Content-Type")).toBe("application/json; charset=utf-8");
      expect(saved).toHaveLength(1);
      expect(saved[0]).toMatchObject({ userId: "ada", secret: res.body.secret });
    });

    test("gets a PNG", async () => {
      const { app } = createSetupApp(version, { qrCode: undefined });
      const { body } = await request(app).post(SETUP_PATH).set("X-API-Key", API_KEY);
      const png = Buffer.from(body.qr_code_url.split(",")[1], "base64");
      expect(png.subarray(0, 8).toString("latin1")).toBe("\x89PNG\r\n\x1a\n");
    });

    test("gets another secret each time, also 200 times in parallel", async () => {
      const { app, saved } = createSetupApp(version);
      const server = app.listen(0);
      const answers = await Promise.all(
        Array.from({ length: 200 }, () =>
          request(server).post(SETUP_PATH).set("X-API-Key", API_KEY).expect(200),
        ),
      );
      server.close();
      const secrets = answers.map(({ body }) => body.secret);
      expect(new Set(secrets).size).toBe(200);
      expect(saved.map(({ secret }) => secret).sort()).toEqual([...secrets].sort());
      for (const { body } of answers) expect(body.qr_code_url).toContain(`secret=${body.secret}`);
    });
  });

  test.each([
    ["null", null],
    ["undefined", undefined],
    ["false", false],
    ["a promise of null", Promise.resolve(null)],
    ["a promise of undefined", Promise.resolve(undefined)],
    ["a promise of false", Promise.resolve(false)],
  ])("a key that authenticate answers with %s gets the documented 401", async (_, user) => {
    const { app, saved, errors, escaped, events } = createSetupApp(version, {
      authenticate: () => user,
      now: () => 59_000,
    });
    const res = await request(app).post(SETUP_PATH).set("X-API-Key", "unknown");
    expect(res.status).toBe(401);
    expect(res.text).toBe(REJECTED);
    expect(res.get("Content-Type")).toBe("application/json; charset=utf-8");
    expect({ saved, errors, escaped }).toEqual({ saved: [], errors: [], escaped: [] });
    expect(events).toEqual([{ type: "unauthenticated", by: "user", at: new Date(59_000) }]);
  });

  test("one rejected key leaves nothing behind for the next", async () => {
    const { app } = createSetupApp(version);
    for (let i = 0; i < 3; i++) {
      const res = await request(app).post(SETUP_PATH).set("X-API-Key", `unknown ${i}`);
      expect([res.status, res.text]).toEqual([401, REJECTED]);
    }
    await request(app).post(SETUP_PATH).set("X-API-Key", API_KEY).expect(200);
  });

  describe("nothing is cached, whatever the answer", () => {
    test.each<[string, number, object, string]>([
      ["200", 200, {}, "POST"],
      ["401", 401, { authenticate: () => null }, "POST"],
      ["405", 405, {}, "GET"],
      ["500", 500, { savePendingSecret: () => Promise.reject(new Error("down")) }, "POST"],
      ["503", 503, { authenticate: () => NEVER, timeoutMs: 5 }, "POST"],
    ])("%s", async (_, status, options, method) => {
      const { app } = createSetupApp(version, options);
      const call = method === "GET" ? request(app).get(SETUP_PATH) : request(app).post(SETUP_PATH);
      const res = await call.set("X-API-Key", API_KEY);
      expect(res.status).toBe(status);
      expect(res.get("Cache-Control")).toBe("no-store");
      expect(res.get("ETag")).toBeUndefined();
      expect(res.get("Last-Modified")).toBeUndefined();
      expect(res.get("Content-Length")).toBe(String(Buffer.byteLength(res.text)));
    });
  });

  describe("mounted", () => {
    async function statusOf(app: object, path: string, header = "X-API-Key") {
      const res = await request(app as never)
        .post(path)
        .set(header, API_KEY);
      return res.status;
    }
    const callbacks = {
      authenticate: (apiKey: string) => (apiKey === API_KEY ? "ada" : null),
      savePendingSecret: () => {},
      qrCode: "uri",
    } as const;
    const createRouter = <User extends TotpUser>(options: TotpSetupOptions<User>) =>
      validated(lib.createTotpSetupRouter(options), { routes: ["setup"] });

    test("at a prefix", async () => {
      const app = express().use("/api", createRouter(callbacks));
      expect(await statusOf(app, `/api${SETUP_PATH}`)).toBe(200);
      expect(await statusOf(app, SETUP_PATH)).toBe(404);
    });

    test("in another router, below a prefix with parameters", async () => {
      const seen: unknown[] = [];
      const tenant = express.Router({ mergeParams: true });
      const options = {
        ...callbacks,
        issuer: (_: string, req: { baseUrl: string }) => req.baseUrl,
      };
      tenant.use(
        createRouter({
          ...options,
          savePendingSecret: (_, __, { issuer }) => seen.push(issuer),
        }),
      );
      const app = express().use("/tenants/:tenant", tenant);
      expect(await statusOf(app, `/tenants/acme${SETUP_PATH}`)).toBe(200);
      expect(seen).toEqual(["/tenants/acme"]);
    });

    test("several times, each with its own options and nothing shared", async () => {
      const saved: string[] = [];
      const routerOf = (name: string) =>
        createRouter({
          authenticate: (apiKey) => (apiKey === name ? name : null),
          savePendingSecret: (userId, _, { issuer }) => saved.push(`${userId} at ${issuer}`),
          issuer: name,
          qrCode: "uri",
        });
      const app = express().use("/a", routerOf("Acme")).use("/b", routerOf("Bolt"));
      const call = (prefix: string, key: string) =>
        request(app).post(`${prefix}${SETUP_PATH}`).set("X-API-Key", key);
      await call("/a", "Acme").expect(200);
      await call("/b", "Bolt").expect(200);
      await call("/a", "Bolt").expect(401, REJECTED);
      await call("/b", "Acme").expect(401, REJECTED);
      expect(saved).toEqual(["Acme at Acme", "Bolt at Bolt"]);
    });

    test("once, used under two prefixes", async () => {
      const router = createRouter(callbacks);
      const app = express().use("/v1", router).use("/v2", router);
      expect(await statusOf(app, `/v1${SETUP_PATH}`)).toBe(200);
      expect(await statusOf(app, `/v2${SETUP_PATH}`)).toBe(200);
    });

    test("on a path of the app's choice, with parameters that the callbacks can read", async () => {
      const params: unknown[] = [];
      const { app } = createSetupApp(version, {
        path: "/users/:id/2fa",
        authenticate: (_: string, req: { params: object }) => params.push({ ...req.params }),
      });
      expect(await statusOf(app, "/users/ada%20l/2fa")).toBe(200);
      expect(params).toEqual([{ id: "ada l" }]);
      expect(await statusOf(app, SETUP_PATH)).toBe(404);
    });

    test("on a path with a parameter that cannot be decoded, which gets a 400 like any other", async () => {
      const { app, errors, escaped } = createSetupApp(version, { path: "/users/:id/2fa" });
      const res = await request(app).post("/users/%E0%A4%A/2fa").set("X-API-Key", API_KEY);
      expect([res.status, res.text]).toEqual([400, '{"code":400,"error":"Bad Request"}']);
      expect(res.get("Cache-Control")).toBe("no-store");
      expect({ errors, escaped }).toEqual({ errors: [], escaped: [] });
    });

    test("with another header for the key", async () => {
      const { app } = createSetupApp(version, { apiKeyHeader: "Authorization" });
      expect(await statusOf(app, SETUP_PATH, "authorization")).toBe(200);
      const res = await request(app).post(SETUP_PATH).set("X-API-Key", API_KEY);
      expect(res.body.details).toBe("The Authorization header is missing");
    });

    test("in an app whose other routes go on as before", async () => {
      const { app, escaped } = createSetupApp(version);
      app.get("/health", (_req, res) => void res.send("ok"));
      await request(app).get("/health").expect(200, "ok");
      await request(app).get("/auth/v1/users/current/totp").expect(404);
      await request(app).post(`${SETUP_PATH}/more`).expect(404);
      expect(escaped).toEqual([]);
    });
  });

  describe("qr_code_url", () => {
    const urlOf = async (qrCode: unknown) => {
      const { app } = createSetupApp(version, { qrCode, issuer: "Acme" });
      const { body } = await request(app).post(SETUP_PATH).set("X-API-Key", API_KEY).expect(200);
      return { url: body.qr_code_url as string, secret: body.secret as string };
    };

    test("is a PNG data URL, an SVG data URL or the bare URI", async () => {
      expect((await urlOf("png")).url).toMatch(/^data:image\/png;base64,/);
      expect((await urlOf("svg")).url).toMatch(/^data:image\/svg\+xml/);
      const { url, secret } = await urlOf("uri");
      expect(url).toBe(`otpauth://totp/Acme:ada?secret=${secret}&issuer=Acme`);
    });

    test("is drawn as the options say", async () => {
      const widthOf = (png: string) =>
        Buffer.from(png.split(",")[1] ?? "", "base64").readUInt32BE(16);
      const small = widthOf((await urlOf({ format: "png" })).url);
      expect(widthOf((await urlOf({ moduleSize: 8 })).url)).toBe(2 * small);
      expect(widthOf((await urlOf({ margin: 6 })).url)).toBe(small + 2 * 2 * 4);
      expect(widthOf((await urlOf({ errorCorrection: "H" })).url)).toBeGreaterThan(small);
      expect((await urlOf({ format: "svg" })).url).toMatch(/^data:image\/svg\+xml/);
    });

    test.each([
      ["at once", (uri: string) => `https://qr.example/?data=${encodeURIComponent(uri)}`],
      ["later", async (uri: string) => `https://qr.example/?data=${encodeURIComponent(uri)}`],
    ])("is what the app's own renderer gives %s", async (_, qrCode) => {
      const { url, secret } = await urlOf(qrCode);
      expect(new URL(url).searchParams.get("data")).toBe(
        `otpauth://totp/Acme:ada?secret=${secret}&issuer=Acme`,
      );
    });
  });

  describe("what the app does elsewhere does not matter:", () => {
    test("its JSON settings and ETags", async () => {
      const { app } = createSetupApp(version, { authenticate: () => null });
      app.set("json spaces", 2);
      app.set("json escape", true);
      app.set("json replacer", () => "replaced");
      app.set("etag", "strong");
      const res = await request(app).post(SETUP_PATH).set("X-API-Key", "unknown");
      expect(res.text).toBe(REJECTED);
      expect(res.get("ETag")).toBeUndefined();
    });

    test("headers that it sets before, which stay", async () => {
      const app = express();
      app.use((_req, res, next) => {
        res.set({ "Cache-Control": "public, max-age=60", "Access-Control-Allow-Origin": "*" });
        next();
      });
      app.use(createSetupApp(version).app);
      const res = await request(app).post(SETUP_PATH).set("X-API-Key", API_KEY);
      expect(res.get("Cache-Control")).toBe("no-store");
      expect(res.get("Access-Control-Allow-Origin")).toBe("*");
    });

    test("a body, which is not read", async () => {
      const { app, saved } = createSetupApp(version);
      const bodies = ["{not json", '{"secret":"AAAA","userId":"eve"}', "x".repeat(200_000)];
      for (const body of bodies) {
        await request(app)
          .post(SETUP_PATH)
          .set({ "X-API-Key": API_KEY, "Content-Type": "application/json" })
          .send(body)
          .expect(200);
      }
      expect(saved.map(({ userId }) => userId)).toEqual(["ada", "ada", "ada"]);
    });

    test("a body parser before it", async () => {
      const app = express().use(express.json()).use(createSetupApp(version).app);
      await request(app).post(SETUP_PATH).set("X-API-Key", API_KEY).send({ a: 1 }).expect(200);
    });

    test("an error on the way to it, which is the app's to answer", async () => {
      const broken = createSetupApp(version);
      const app = express();
      app.use((_req, _res, next) => next(new Error("of the app")));
      app.use(broken.app);
      app.use((error: Error, _req: unknown, res: { end: (text: string) => void }, _next: unknown) =>
        res.end(error.message),
      );
      const res = await request(app).post(SETUP_PATH).set("X-API-Key", API_KEY);
      expect(res.text).toBe("of the app");
      expect(broken.saved).toEqual([]);
    });

    test.each([
      ["authenticate, of a rejected key", "authenticate", null],
      ["authenticate, of a known key", "authenticate", "ada"],
      ["savePendingSecret", "savePendingSecret", undefined],
    ])(
      "an answer that it sent by itself, which none follows: in %s",
      async (_, callback, answer) => {
        const respondItself = (...given: unknown[]) => {
          (given.at(-1) as Request).res?.status(418).end("teapot");
          return answer;
        };
        const options = { [callback]: respondItself };
        const { app, errors, escaped } = createSetupApp(version, options, { sent: [418] });
        await request(app).post(SETUP_PATH).set("X-API-Key", API_KEY).expect(418, "teapot");
        await settle();
        expect({ errors, escaped }).toEqual({ errors: [], escaped: [] });
      },
    );
  });
});
