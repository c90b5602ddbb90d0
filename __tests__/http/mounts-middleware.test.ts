// The routers among what apps mount around them.
import compression from "compression";
import cors from "cors";
import type { Express } from "express";
import { rateLimit } from "express-rate-limit";
import helmet from "helmet";
import morgan from "morgan";
import request from "supertest";
import vhost from "vhost";
import { EXPRESS_VERSIONS, type ExpressVersion } from "../helpers/express-versions.js";
import { codeAt, createRig } from "../helpers/service.js";
import { createServiceApp, keyOf, PATHS } from "../helpers/service-app.js";
import { forbidUnhandledRejections } from "../helpers/unhandled.js";

forbidUnhandledRejections();

const ORIGIN = "https://app.acme.test";
const AS_ADA = { "X-API-Key": keyOf("ada") };

describe.each(EXPRESS_VERSIONS)("$name", (version) => {
  describe("behind helmet, compression, cors, morgan and a rate limit", () => {
    function create(limit = 100) {
      const lines: string[] = [];
      const made = createServiceApp(version, {
        before: (app) => {
          app.use(
            morgan("tiny", { stream: { write: (line) => lines.push(line) } }),
            helmet(),
            compression({ threshold: 0 }),
            cors({ origin: ORIGIN, exposedHeaders: ["Retry-After"] }),
            rateLimit({ windowMs: 60_000, limit, validate: false }),
          );
        },
      });
      return { ...made, lines };
    }

    test("setup and confirmation: compressed, with the headers of each, and never to be stored", async () => {
      const { app, clock, lines, errors, escaped } = create();
      const setup = await request(app)
        .post(PATHS.setup)
        .set({ ...AS_ADA, Origin: ORIGIN });
      expect(setup.status).toBe(200);
      expect(setup.headers).toMatchObject({
        "access-control-allow-origin": ORIGIN,
        "access-control-expose-headers": "Retry-After",
        "cache-control": "no-store",
        "content-encoding": "gzip",
        "content-security-policy": expect.stringContaining("img-src 'self' data:"),
        "x-ratelimit-limit": "100",
      });
      const body = { code: codeAt(setup.body.secret, clock.time) };
      const confirmed = await request(app).post(PATHS.verify).set(AS_ADA).send(body);
      expect([confirmed.status, confirmed.body.backup_codes]).toMatchObject([200, { length: 3 }]);
      expect(lines.map((line) => line.split(" ").slice(0, 3))).toEqual([
        ["POST", PATHS.setup, "200"],
        ["POST", PATHS.verify, "200"],
      ]);
      expect([errors, escaped]).toEqual([[], []]);
    });

    test("the preflight is answered by cors, and the limit by the rate limit", async () => {
      const { app } = create(2);
      const preflight = await request(app).options(PATHS.setup).set({
        Origin: ORIGIN,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "X-API-Key",
      });
      expect(preflight.status).toBe(204);
      expect(preflight.headers["access-control-allow-headers"]).toBe("X-API-Key");
      const ask = async () => (await request(app).post(PATHS.setup)).status;
      expect([await ask(), await ask(), await ask()]).toEqual([401, 401, 429]);
    });
  });

  describe("HEAD is there wherever GET is", () => {
    test.each([PATHS.status, PATHS.devices])("%s", async (path) => {
      const { app } = createServiceApp(version);
      const get = await request(app).get(path).set(AS_ADA);
      const head = await request(app).head(path).set(AS_ADA);
      expect([head.status, head.text]).toEqual([200, undefined]);
      for (const name of ["cache-control", "content-type"]) {
        expect(head.headers[name]).toBe(get.headers[name]);
      }
      expect((await request(app).head(path)).status).toBe(401);
      const other = await request(app).put(path).set(AS_ADA);
      expect([other.status, other.headers.allow]).toEqual([405, "GET, HEAD"]);
    });

    test("and nowhere else", async () => {
      const { app } = createServiceApp(version);
      const { status, headers } = await request(app).head(PATHS.setup).set(AS_ADA);
      expect([status, headers.allow]).toEqual([405, "POST"]);
    });
  });

  describe("mounted", () => {
    const MOUNTS: [string, (app: Express, version: ExpressVersion, router: Express) => void][] = [
      ["below a path", (app, _, router) => app.use("/api/v2", router)],
      [
        "below a path of a router of the app",
        (app, { express }, router) => app.use("/api", express.Router().use("/v2", router)),
      ],
      [
        "below a path of another app",
        (app, { express }, router) => app.use("/api", express().use("/v2", router)),
      ],
      ["below a parameter", (app, _, router) => app.use("/:tenant/v2", router)],
      ["on a host", (app, _, router) => app.use(vhost("api.acme.test", router))],
      ["twice", (app, _, router) => app.use("/api/v2", router).use("/other", router)],
      ["twice at the same path", (app, _, router) => app.use("/api/v2", router, router)],
    ];

    test.each(MOUNTS)(
      "%s: setup, confirmation and a path that is not there",
      async (title, mount) => {
        const rig = createRig({}, undefined, version.lib);
        const errors: unknown[] = [];
        const router = version.lib.createTotpRouter({
          totp: rig.totp,
          authenticate: (key) => (key === AS_ADA["X-API-Key"] ? "ada" : null),
          onError: (error) => errors.push(error),
        });
        const app = version.express();
        mount(app, version, router as unknown as Express);
        app.use((_req, res) => {
          res.status(418).end();
        });
        const prefix = title === "on a host" ? "" : "/api/v2";
        const post = (path: string) =>
          request(app)
            .post(prefix + path)
            .set({ ...AS_ADA, Host: "api.acme.test" });
        const { secret } = (await post(PATHS.setup)).body;
        const confirmed = await post(PATHS.verify).send({ code: codeAt(secret, rig.clock.time) });
        expect(confirmed.status).toBe(200);
        expect((await post("/elsewhere")).status).toBe(418);
        if (title === "on a host") {
          const other = await request(app).post(PATHS.setup).set({ Host: "acme.test" });
          expect(other.status).toBe(418);
        }
        if (title === "twice") {
          const other = await request(app).get(`/other${PATHS.status}`).set(AS_ADA);
          expect(other.body).toMatchObject({ is_setup: true });
        }
        expect(errors).toEqual([]);
      },
    );

    test("two routers of one service, with different options", async () => {
      const { totp, clock } = createRig({}, undefined, version.lib);
      const app = version.express();
      for (const name of ["X-API-Key", "X-Admin-Key"]) {
        const authenticate = (key: string) => (key === name ? "ada" : null);
        const router = version.lib.createTotpRouter({ totp, authenticate, apiKeyHeader: name });
        app.use(`/${name}`, router);
      }
      const post = (name: string, path: string) =>
        request(app).post(`/${name}${path}`).set(name, name);
      const { secret } = (await post("X-API-Key", PATHS.setup)).body;
      const sent = { code: codeAt(secret, clock.time) };
      expect((await post("X-Admin-Key", PATHS.verify).send(sent)).status).toBe(200);
      expect((await post("X-API-Key", PATHS.setup)).body).toMatchObject({
        reason: "code_required",
      });
    });
  });
});
