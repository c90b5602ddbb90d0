// Which requests may have been made by another site's page: one test a rule.

import cors from "cors";
import type { Express } from "express";
import request from "supertest";
import { EXPRESS_VERSIONS } from "../helpers/express-versions.js";
import {
  AT,
  createIdentityApp,
  enrollUser,
  type IdentityAppOptions,
} from "../helpers/identity-app.js";
import { exchange, withServer } from "../helpers/servers.js";
import { forbidUnhandledRejections } from "../helpers/unhandled.js";

forbidUnhandledRejections();

const REFUSED = {
  code: 403,
  details: "The request came from another site",
  error: "Forbidden",
  reason: "cross_site",
};

type Headers = Record<string, string>;

describe.each(EXPRESS_VERSIONS)("$name", (version) => {
  const create = (options: IdentityAppOptions = {}) => {
    const getUser = jest.fn(() => "ada");
    const identity = { getUser, ...options.identity };
    return { ...createIdentityApp(version, { ...options, identity }), getUser };
  };

  /** Begins a setup by a request with exactly these headers, and tells whether it was let through. */
  async function passes(headers: Headers, options: IdentityAppOptions = {}): Promise<boolean> {
    const made = create(options);
    const given = { Host: "app.example", ...headers };
    const lines = Object.entries(given).map(([name, value]) => `${name}: ${value}`);
    const text = [`POST ${AT.setupAlone} HTTP/1.1`, "Connection: close", ...lines, "", ""].join(
      "\r\n",
    );
    const { status, body } = await withServer(made.app, (port) => exchange(port, text));
    if (status === 403) {
      expect(JSON.parse(body)).toEqual(REFUSED);
      expect(made.getUser).not.toHaveBeenCalled();
    } else {
      expect(status).toBe(200);
    }
    expect(made.saved).toEqual(status === 200 ? ["ada"] : []);
    return status === 200;
  }

  describe("the origin is trusted", () => {
    const identity = {
      trustedOrigins: ["https://spa.example", "capacitor://localhost", "http://localhost:5173"],
    };
    test.each<[string, boolean]>([
      ["https://spa.example", true],
      ["capacitor://localhost", true],
      ["http://localhost:5173", true],
      ["http://spa.example", false],
      ["https://spa.example:8443", false],
      ["https://spa.example.evil.example", false],
      ["https://evil-spa.example", false],
      ["https://sub.spa.example", false],
      ["https://spa.example/", false],
      ["https://spa.example, https://evil.example", false],
      ["HTTPS://SPA.EXAMPLE", false],
      ["capacitor://localhost:1", false],
      ["http://localhost", false],
      ["null", false],
      ["", false],
    ])("%p: %p", async (Origin, isLetThrough) => {
      for (const site of ["cross-site", "same-site"]) {
        const headers = { Origin, "Sec-Fetch-Site": site };
        expect(await passes(headers, { identity })).toBe(isLetThrough);
      }
      expect(await passes({ Origin }, { identity })).toBe(isLetThrough);
    });

    test("by itself, it lets no other request through", async () => {
      expect(await passes({ "Sec-Fetch-Site": "cross-site" }, { identity })).toBe(false);
    });
  });

  describe("Sec-Fetch-Site decides if the browser sends it", () => {
    test.each<[string, Headers, boolean]>([
      ["same-origin", {}, true],
      ["none: typed or a bookmark", { "Sec-Fetch-Site": "none" }, true],
      ["same-origin, of a form under helmet's referrer policy", { Origin: "null" }, true],
      [
        "same-origin, behind a proxy that changes the host",
        { Origin: "https://public.example" },
        true,
      ],
      ["cross-site", { "Sec-Fetch-Site": "cross-site" }, false],
      ["same-site: another subdomain", { "Sec-Fetch-Site": "same-site" }, false],
      [
        "cross-site, from what says it is the own host",
        { "Sec-Fetch-Site": "cross-site", Origin: "http://app.example" },
        false,
      ],
      [
        "same-site, from another port",
        { "Sec-Fetch-Site": "same-site", Origin: "http://app.example:8080" },
        false,
      ],
      ["a value of tomorrow", { "Sec-Fetch-Site": "same-party" }, false],
      ["an empty value", { "Sec-Fetch-Site": "" }, false],
      ["upper case, which no browser sends", { "Sec-Fetch-Site": "SAME-ORIGIN" }, false],
      ["two values", { "Sec-Fetch-Site": "same-origin, cross-site" }, false],
    ])("%s", async (_, headers, isLetThrough) => {
      expect(await passes({ "Sec-Fetch-Site": "same-origin", ...headers })).toBe(isLetThrough);
    });
  });

  describe("without Sec-Fetch-Site, Origin must be absent or have the own host", () => {
    test.each<[string, Headers, boolean]>([
      ["absent: no browser, or an old one", {}, true],
      ["the own host", { Origin: "http://app.example" }, true],
      ["the own host by https, behind what ends TLS", { Origin: "https://app.example" }, true],
      ["the own host in upper case", { Origin: "http://app.example", Host: "APP.example" }, true],
      [
        "the own host and port",
        { Origin: "http://app.example:8080", Host: "app.example:8080" },
        true,
      ],
      ["the default port", { Origin: "https://app.example", Host: "app.example:443" }, true],
      ["the default port of http", { Origin: "http://app.example", Host: "app.example:80" }, true],
      ["an IPv6 address", { Origin: "http://[::1]:3000", Host: "[::1]:3000" }, true],
      ["another port", { Origin: "http://app.example:8080" }, false],
      [
        "the default port of the other scheme",
        { Origin: "http://app.example", Host: "app.example:443" },
        false,
      ],
      ["another host", { Origin: "http://evil.example" }, false],
      ["a subdomain", { Origin: "http://blog.app.example" }, false],
      ["the parent domain", { Origin: "http://example" }, false],
      ["a host that begins alike", { Origin: "http://app.example.evil.example" }, false],
      ["the own host as a user", { Origin: "http://app.example@evil.example" }, false],
      ["the own host with another scheme", { Origin: "ftp://app.example" }, false],
      ["an extension", { Origin: "chrome-extension://app.example" }, false],
      ["null", { Origin: "null" }, false],
      ["null, to a host of that name", { Origin: "null", Host: "null" }, false],
      ["empty", { Origin: "" }, false],
      ["a host alone", { Origin: "app.example" }, false],
      ["two origins", { Origin: "http://app.example http://evil.example" }, false],
      ["no host to compare with", { Origin: "http://app.example", Host: "" }, false],
    ])("%s", async (_, headers, isLetThrough) => {
      expect(await passes(headers)).toBe(isLetThrough);
    });
  });

  describe("X-Forwarded-Host counts under `trust proxy` alone", () => {
    const headers = { Origin: "https://app.example", Host: "10.0.0.7:3000" };
    const trust = (value: unknown) => ({
      before: (app: Express) => app.set("trust proxy", value),
    });
    test.each<[string, Headers, IdentityAppOptions, boolean]>([
      ["trusted", { "X-Forwarded-Host": "app.example" }, trust(true), true],
      ["trusted by address", { "X-Forwarded-Host": "app.example" }, trust("loopback"), true],
      ["trusted by hops", { "X-Forwarded-Host": "app.example" }, trust(1), true],
      ["the first of two", { "X-Forwarded-Host": "app.example, inner.example" }, trust(true), true],
      [
        "the second of two",
        { "X-Forwarded-Host": "evil.example, app.example" },
        trust(true),
        false,
      ],
      ["another host", { "X-Forwarded-Host": "evil.example" }, trust(true), false],
      ["none, under trust", {}, trust(true), false],
      ["not trusted", { "X-Forwarded-Host": "app.example" }, {}, false],
      [
        "another proxy's address is trusted",
        { "X-Forwarded-Host": "app.example" },
        trust("10.9.9.9"),
        false,
      ],
      ["no hop is trusted", { "X-Forwarded-Host": "app.example" }, trust(0), false],
      ["the host that the proxy kept", { Host: "app.example" }, {}, true],
    ])("%s", async (_, more, options, isLetThrough) => {
      expect(await passes({ ...headers, ...more }, options)).toBe(isLetThrough);
    });

    test("a page of another host cannot pass by its own header", async () => {
      const forged = { Host: "app.example", Origin: "https://evil.example" };
      expect(await passes({ ...forged, "X-Forwarded-Host": "evil.example" })).toBe(false);
    });
  });

  describe("a bearer token, which no other site can send without a preflight", () => {
    const cross = { Origin: "https://spa.example", "Sec-Fetch-Site": "cross-site" };
    test.each<[string, boolean]>([
      ["Bearer abc", true],
      ["bearer abc", true],
      ["Bearer   abc", true],
      ["Bearer", false],
      ["Bearer ", false],
      // A browser sends what its user typed into a dialog by itself, as it does cookies.
      ["Basic YWRhOnB3", false],
      ["Digest username=ada", false],
      ["Negotiate abc", false],
      ["Basic Bearer abc", false],
    ])("%p: %p", async (Authorization, isLetThrough) => {
      expect(await passes({ ...cross, Authorization })).toBe(isLetThrough);
    });
  });

  test("every route and the guard are checked, but for what changes nothing", async () => {
    const made = create();
    const { fresh } = await enrollUser(made);
    const before = await made.store.get("ada");
    const headers = { Origin: "https://evil.example", "Sec-Fetch-Site": "cross-site" };
    const changes: [string, "post" | "delete" | "put" | "patch"][] = [
      [AT.setupAlone, "post"],
      [AT.setup, "post"],
      [AT.verify, "post"],
      [AT.regenerate, "post"],
      [AT.delete, "delete"],
      [`${AT.devices}/1`, "delete"],
      [AT.transfers, "post"],
      [AT.transfers, "put"],
      [AT.transfers, "patch"],
      [AT.transfers, "delete"],
    ];
    for (const [path, method] of changes) {
      const res = await request(made.app)[method](path).set(headers).send({ code: "123456" });
      expect([method, path, res.status, res.body]).toEqual([method, path, 403, REFUSED]);
    }
    expect(made.getUser).not.toHaveBeenCalled();
    expect(await made.store.get("ada")).toBe(before);
    // A cross-site request is nobody's failure to sign in.
    expect(made.events).toEqual([]);
    await request(made.app).get(AT.status).set(headers).expect(200);
    await request(made.app).get(AT.devices).set(headers).expect(200);
    for (const method of ["get", "head", "options"] as const) {
      const call = request(made.app)[method](AT.transfers);
      await call.set(headers).set("X-TOTP-Code", fresh()).expect(201);
    }
  });

  test("an API key is not checked: no browser sends it by itself", async () => {
    const made = createIdentityApp(version, { identity: { authenticate: (key: string) => key } });
    const headers = { Origin: "https://evil.example", "Sec-Fetch-Site": "cross-site" };
    const res = await request(made.app).post(AT.setupAlone).set(headers).set("X-API-Key", "ada");
    expect(res.status).toBe(200);
  });

  test.each<[string, number]>([
    ["Basic YWRhOnB3", 403],
    ["basic YWRhOnB3", 403],
    ["Digest username=ada", 403],
    ["Negotiate abc", 403],
    ["NTLM abc", 403],
    ["Bearer abc", 200],
    ["Token abc", 200],
    ["abc", 200],
  ])(
    "the API key %p in Authorization is a %i: browsers send what was typed into a dialog",
    async (apiKey, status) => {
      const authenticate = (key: string) => key;
      const made = createIdentityApp(version, {
        identity: { authenticate, apiKeyHeader: "Authorization" },
      });
      const send = (headers: Headers) =>
        request(made.app)
          .post(AT.setupAlone)
          .set({ Authorization: apiKey, ...headers });
      expect((await send({ "Sec-Fetch-Site": "cross-site" })).status).toBe(status);
      await send({ "Sec-Fetch-Site": "same-origin" }).expect(200);
      await send({}).expect(200);
    },
  );

  test("errorHandler gets the refusal", async () => {
    const reasons: unknown[] = [];
    const errorHandler = (
      error: { reason: string },
      _req: unknown,
      _res: unknown,
      next: () => void,
    ) => {
      reasons.push(error.reason);
      next();
    };
    const made = create({ identity: { errorHandler } });
    const headers = { "Sec-Fetch-Site": "cross-site" };
    await request(made.app).post(AT.transfers).set(headers).expect(599);
    expect([reasons, made.transfers]).toEqual([["cross_site"], []]);
  });

  describe("preflights", () => {
    const preflight = (app: Express) =>
      request(app).options(AT.setupAlone).set({
        Origin: "https://spa.example",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization",
      });

    test("are left to the app: without `cors`, nothing is allowed", async () => {
      const made = create();
      const res = await preflight(made.app);
      expect(res.status).toBe(405);
      const names = Object.keys(res.headers).filter((name) => name.startsWith("access-control"));
      expect(names).toEqual([]);
      expect(made.getUser).not.toHaveBeenCalled();
    });

    test("are the app's: with `cors`, they are as it says", async () => {
      const made = create({ before: (app) => app.use(cors({ origin: "https://spa.example" })) });
      const res = await preflight(made.app);
      expect(res.status).toBe(204);
      expect(res.get("Access-Control-Allow-Origin")).toBe("https://spa.example");
    });
  });
});
