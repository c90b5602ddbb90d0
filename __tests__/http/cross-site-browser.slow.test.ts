// What pages of other sites can make a real browser send, and what an app's own pages can.
import { spawnSync } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  request,
  type Server,
} from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import cors from "cors";
import express, { type Express, type RequestHandler } from "express";
import helmet from "helmet";
import type { Browser, Page } from "playwright-core";
import { describeInBrowser, openBrowser } from "../helpers/browser.js";
import { runIn } from "../helpers/cross-site-page.js";
import { EXPRESS_VERSIONS, type ExpressVersion } from "../helpers/express-versions.js";
import {
  AT,
  createIdentityApp,
  type IdentityApp,
  type IdentityAppOptions,
} from "../helpers/identity-app.js";
import { takeViolations } from "../helpers/validated.js";

const [version] = EXPRESS_VERSIONS as [ExpressVersion];

/** A route that nothing guards, to see that an attack would have arrived. */
const UNGUARDED = "/unguarded";

type Scheme = "http" | "https";

describeInBrowser("in Chromium", () => {
  let browser: Browser;
  let folder: string;
  let tls: { key: Buffer; cert: Buffer };
  const servers: Server[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), "certificate-"));
    const [key, cert] = ["key.pem", "cert.pem"].map((name) => path.join(folder, name));
    const made = spawnSync(
      "openssl",
      `req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=app.test -keyout ${key} -out ${cert}`.split(
        " ",
      ),
    );
    if (made.status !== 0) throw new Error(`openssl: ${made.stderr}`);
    tls = { key: readFileSync(String(key)), cert: readFileSync(String(cert)) };
    browser = await openBrowser();
  });
  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()));
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  });
  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true });
  });

  async function serve(app: RequestListener, scheme: Scheme = "http"): Promise<number> {
    const server = scheme === "https" ? createHttpsServer(tls, app) : createServer(app);
    servers.push(server as Server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return (server.address() as AddressInfo).port;
  }

  async function open(url: string): Promise<Page> {
    const context = await browser.newContext({ ignoreHTTPSErrors: true });
    const page = await context.newPage();
    await page.goto(url);
    return page;
  }

  interface Attacked extends IdentityApp {
    /** What came to the route that nothing guards. */
    reached: IncomingMessage[];
    /** Emits the path of each request that was responded to. */
    finished: EventEmitter;
  }

  /** Whoever comes is signed in: no rule of cookies stands in an attack's way, but the check alone. */
  function createApp(options: IdentityAppOptions = {}): Attacked {
    const reached: IncomingMessage[] = [];
    const finished = new EventEmitter();
    const made = createIdentityApp(version, {
      ...options,
      identity: { getUser: () => "ada", ...options.identity },
      before: (app: Express) => {
        app.use((req, res, next) => {
          res.on("finish", () => finished.emit(req.path));
          next();
        });
        options.before?.(app);
        app.get("/", (_req, res) => {
          res.send("<!doctype html><title>Own</title>");
        });
        app.post(UNGUARDED, (req, res) => {
          reached.push(req);
          res.sendStatus(204);
        });
      },
    });
    return { ...made, reached, finished };
  }

  /** Posts a form into a frame of its own, and waits for the app's response. */
  async function postForm(
    { finished }: Attacked,
    page: Page,
    url: string,
    script = "postForm",
  ): Promise<void> {
    const done = once(finished, new URL(url).pathname);
    await runIn(page, script, url);
    await done;
  }

  /** Sends what a page can send to another origin. */
  async function sendAll(made: Attacked, page: Page, url: string): Promise<void> {
    await postForm(made, page, url);
    await postForm(made, page, url, "postSandboxedForm");
    await runIn(page, "sendWithoutPreflight", url);
    expect(await runIn(page, "sendWithPreflight", url)).toEqual([]);
  }

  /** The status of what the app's own page fetches. */
  const fetchStatus = (page: Page, url: string, init?: object): Promise<number> =>
    runIn(page, "fetchStatus", url, ...(init ? [init] : []));

  /** Posts a form of the app's own page, which leaves it unless the response is empty. */
  async function postOwnForm(page: Page, url: string): Promise<number> {
    const done = page.waitForResponse((response) => response.url() === url);
    await runIn(page, "leaveByForm", url);
    return (await done).status();
  }

  describe.each<Scheme>(["http", "https"])("by %s", (scheme) => {
    test.each([
      ["another origin", "evil.test"],
      ["a sibling subdomain", "blog.app.test"],
      ["the parent domain", "app.test"],
      ["another port of the same host", "www.app.test"],
    ])("a page of %s changes nothing", async (_, host) => {
      const made = createApp();
      const port = await serve(made.app, scheme);
      const theirs = await serve(
        express().get("/", (_req, res) => {
          res.send("<!doctype html><title>Theirs</title>");
        }),
        scheme,
      );
      const page = await open(`${scheme}://${host}:${theirs}/`);
      const own = `${scheme}://www.app.test:${port}`;
      await sendAll(made, page, own + UNGUARDED);
      // Two forms and two requests without a preflight arrive.
      expect(made.reached).toHaveLength(4);
      const [, sandboxed] = made.reached;
      expect(sandboxed?.headers.origin).toBe("null");
      for (const at of [
        AT.setupAlone,
        AT.setup,
        AT.verify,
        AT.regenerate,
        AT.delete,
        AT.transfers,
      ]) {
        await sendAll(made, page, own + at);
      }
      expect([made.saved, made.transfers, made.events]).toEqual([[], [], []]);
      expect(await made.store.get("ada")).toBeUndefined();
      // Images and preflights get a 405 that the validating helper takes for a GET that is not described.
      takeViolations();
    });

    test("the app's own page passes with helmet's defaults", async () => {
      const made = createApp({ before: (app) => app.use(helmet()) });
      const port = await serve(made.app, scheme);
      // Over plain HTTP, helmet's `upgrade-insecure-requests` leaves localhost alone to work.
      const host = scheme === "http" ? "localhost" : "www.app.test";
      const page = await open(`${scheme}://${host}:${port}/`);
      expect(await fetchStatus(page, AT.setupAlone)).toBe(200);
      await postOwnForm(page, `${scheme}://${host}:${port}${UNGUARDED}`);
      expect(made.reached[0]?.headers).toMatchObject({
        origin: "null",
        "sec-fetch-site": "same-origin",
      });
      await postOwnForm(page, `${scheme}://${host}:${port}${AT.setupAlone}`);
      expect(made.saved).toEqual(["ada", "ada"]);
    });
  });

  describe("by plain HTTP on a host of its own, where browsers leave Sec-Fetch-Site out", () => {
    const own = (referrerPolicy: "no-referrer" | "same-origin") => {
      const contentSecurityPolicy = { directives: { upgradeInsecureRequests: null } };
      return helmet({ contentSecurityPolicy, referrerPolicy: { policy: referrerPolicy } });
    };

    test("the app's own page passes by fetch", async () => {
      const made = createApp({ before: (app) => app.use(own("no-referrer")) });
      const url = `http://www.app.test:${await serve(made.app)}`;
      const page = await open(url);
      expect(await fetchStatus(page, UNGUARDED)).toBe(204);
      expect(made.reached[0]?.headers).toMatchObject({ origin: url });
      expect(made.reached[0]?.headers["sec-fetch-site"]).toBeUndefined();
      expect(await fetchStatus(page, AT.setupAlone)).toBe(200);
    });

    test.each([
      ["same-origin", 200],
      // Nothing tells it from a form of another site's sandbox.
      ["no-referrer", 403],
    ] as const)("its own form under the referrer policy %s: %i", async (policy, status) => {
      const made = createApp({ before: (app) => app.use(own(policy)) });
      const url = `http://www.app.test:${await serve(made.app)}`;
      const page = await open(url);
      expect(await postOwnForm(page, url + AT.setupAlone)).toBe(status);
    });
  });

  describe("behind a reverse proxy that ends TLS", () => {
    /** Passes requests on to a port, with or without the host that the browser asked for. */
    const proxyTo =
      (port: number, keepsHost: boolean): RequestListener =>
      (req, res) => {
        const host = keepsHost ? req.headers.host : `127.0.0.1:${port}`;
        const headers = { ...req.headers, host, "x-forwarded-host": req.headers.host };
        if (keepsHost) delete headers["x-forwarded-host"];
        // As of a browser that does not send it.
        delete headers["sec-fetch-site"];
        const { method, url } = req;
        const onward = request(
          { host: "127.0.0.1", port, method, path: url, headers },
          (answer) => {
            res.writeHead(Number(answer.statusCode), answer.headers);
            answer.pipe(res);
          },
        );
        req.pipe(onward);
      };

    test.each<[string, boolean, boolean, number]>([
      ["keeps the host", true, false, 200],
      ["keeps the host, under trust proxy", true, true, 200],
      ["changes the host, under trust proxy", false, true, 200],
      ["changes the host, without trust proxy", false, false, 403],
    ])("that %s", async (_, keepsHost, trusts, status) => {
      const before = (app: Express) => app.set("trust proxy", trusts);
      const made = createApp({ before });
      const port = await serve(proxyTo(await serve(made.app), keepsHost), "https");
      const page = await open(`https://www.app.test:${port}/`);
      expect(await fetchStatus(page, AT.setupAlone)).toBe(status);
      expect(made.saved).toHaveLength(status === 200 ? 1 : 0);
      const theirs = await serve(
        express().get("/", (_req, res) => {
          res.send("<!doctype html><title>Theirs</title>");
        }),
        "https",
      );
      const evil = await open(`https://evil.test:${theirs}/`);
      await postForm(made, evil, `https://www.app.test:${port}${UNGUARDED}`);
      expect(made.reached).toHaveLength(1);
      await postForm(made, evil, `https://www.app.test:${port}${AT.setupAlone}`);
      expect(made.saved).toHaveLength(status === 200 ? 1 : 0);
    });
  });

  describe("a single-page app on another origin, with `cors`", () => {
    async function openSpa(identity: (origin: string) => IdentityAppOptions["identity"]) {
      const page = express().get("/", (_req, res) => {
        res.send("<!doctype html><title>SPA</title>");
      });
      const origin = `https://spa.test:${await serve(page, "https")}`;
      const allow: RequestHandler = cors({ origin, credentials: true });
      const made = createApp({
        before: (app) => app.use(allow),
        identity: { ...identity(origin) },
      });
      const api = `https://api.test:${await serve(made.app, "https")}`;
      return { made, api, page: await open(origin) };
    }

    const getUser = (req: IncomingMessage) =>
      req.headers.authorization === "Bearer token-of-ada" ? "ada" : null;

    test("passes with its bearer token", async () => {
      const { made, api, page } = await openSpa(() => ({ getUser }));
      const headers = { Authorization: "Bearer token-of-ada" };
      const status = await fetchStatus(page, api + AT.setupAlone, { method: "POST", headers });
      expect(status).toBe(200);
      const forged = { Authorization: "Bearer forged" };
      expect(
        await fetchStatus(page, api + AT.setupAlone, { method: "POST", headers: forged }),
      ).toBe(401);
      expect(await fetchStatus(page, `${api}${AT.devices}/1`, { method: "DELETE", headers })).toBe(
        204,
      );
      expect(made.saved).toEqual(["ada"]);
    });

    test("passes without one only if its origin is trusted", async () => {
      for (const [trusts, status] of [
        [true, 200],
        [false, 403],
      ] as const) {
        const { api, page } = await openSpa((origin) => ({
          getUser: () => "ada",
          trustedOrigins: trusts ? [origin] : [],
        }));
        const init = { method: "POST", credentials: "include" } as const;
        expect(await fetchStatus(page, api + AT.setupAlone, init)).toBe(status);
      }
    });
  });
});
