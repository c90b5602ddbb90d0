// An app can respond to every error by itself, and cannot let a request through by that.
import type { ErrorRequestHandler, NextFunction, Request, Response } from "express";
import { type HttpError, isHttpError } from "http-errors";
import request from "supertest";
import { settle } from "../helpers/deferred.js";
import { EXPRESS_VERSIONS, type ExpressVersion } from "../helpers/express-versions.js";
import { exchange, openSocket, post, withServer } from "../helpers/servers.js";
import { codeAt } from "../helpers/service.js";
import { keyOf, PATHS } from "../helpers/service-app.js";
import { SETUP_PATH } from "../helpers/setup-app.js";
import { forbidUnhandledRejections } from "../helpers/unhandled.js";

forbidUnhandledRejections();

type Handler = (error: HttpError, req: Request, res: Response, next: NextFunction) => unknown;

const NEVER = new Promise<never>(() => {});
const down = new Error("password of the database");

/** Where the errors of both routers and of the guard come from. */
const MOUNTS = ["setup router", "router", "guard"] as const;
type Mount = (typeof MOUNTS)[number];

/** An app whose error handler is its own, and whose routes behind the library's are open to whoever gets there. */
function createApp(
  { express, lib }: ExpressVersion,
  mount: Mount,
  handler: Handler,
  more: object = {},
  timeoutMs = 60_000,
) {
  const log: string[] = [];
  const handled: HttpError[] = [];
  const escaped: unknown[] = [];
  const reported: unknown[] = [];
  let reached = 0;
  const errorHandler: Handler = (error, req, res, next) => {
    handled.push(error);
    log.push("errorHandler");
    return handler(error, req, res, next);
  };
  const onError = (error: unknown) => {
    reported.push(error);
    log.push("onError");
  };
  const authenticate = (key: string) => (key === keyOf("ada") ? "ada" : null);
  const totp = lib.createTotpService({ store: lib.createMemoryStore(), timeoutMs, qrCode: "uri" });
  const http = { authenticate, errorHandler: errorHandler as never, onError, ...more };
  const app = express();
  const setupOptions = { ...http, savePendingSecret: () => {}, qrCode: "uri", timeoutMs } as const;
  if (mount === "setup router") app.use(lib.createTotpSetupRouter(setupOptions));
  if (mount === "router") app.use(lib.createTotpRouter({ totp, ...http }));
  const open = (_req: Request, res: Response) => {
    reached++;
    res.send("open");
  };
  if (mount === "guard") {
    const guard = lib.requireTotp({ totp, ...http });
    // Whatever an app may mount behind it: a handler of the same route, of the next, and of the next router.
    const inner = express.Router();
    inner.all(SETUP_PATH, guard, open);
    inner.all(SETUP_PATH, open);
    app.use(inner);
  }
  app.use(open);
  const own: ErrorRequestHandler = (error, _req, res, _next) => {
    escaped.push(error);
    res.status(418).send("the app's own");
  };
  // Only a second call of `next` gets past the first one.
  const behind: ErrorRequestHandler = (error, _req, _res, _next) => escaped.push(error);
  app.use(own, behind);
  return { app, log, handled, escaped, reported, totp, reached: () => reached };
}

const PASSES: [string, Handler][] = [
  ["next()", (_error, _req, _res, next) => next()],
  ["next(undefined)", (_error, _req, _res, next) => next(undefined)],
  ["next(null)", (_error, _req, _res, next) => next(null)],
  ["next(false)", (_error, _req, _res, next) => next(false)],
  ["next(0)", (_error, _req, _res, next) => next(0)],
  ['next("")', (_error, _req, _res, next) => next("")],
  ['next("route")', (_error, _req, _res, next) => next("route")],
  ['next("router")', (_error, _req, _res, next) => next("router")],
  ["next(error)", (error, _req, _res, next) => next(error)],
  [
    "next(error) later",
    async (error, _req, _res, next) => {
      await settle();
      next(error);
    },
  ],
  [
    "next() twice",
    (_error, _req, _res, next) => {
      next();
      next();
    },
  ],
  [
    "next(error) and then throwing",
    (error, _req, _res, next) => {
      next(error);
      throw new Error("after that");
    },
  ],
  [
    "next(error) and then rejecting",
    async (error, _req, _res, next) => {
      next(error);
      throw new Error("after that");
    },
  ],
  [
    "throwing",
    () => {
      throw new Error("the handler's own");
    },
  ],
  [
    "throwing nothing",
    () => {
      throw undefined;
    },
  ],
  [
    'throwing "route"',
    () => {
      throw "route";
    },
  ],
  ["rejecting", () => Promise.reject(new Error("the handler's own"))],
  ["rejecting with null", () => Promise.reject(null)],
  ['rejecting with "router"', () => Promise.reject("router")],
];

describe.each(EXPRESS_VERSIONS)("$name", (version) => {
  describe.each(MOUNTS)("%s", (mount) => {
    const path = SETUP_PATH;
    /** Ends in a 401, which is the shortest way to an error. */
    const ask = (app: Parameters<typeof request>[0]) => request(app).post(path);

    test.each(PASSES)("a handler that ends in %s opens nothing", async (_, handler) => {
      const made = createApp(version, mount, handler);
      const res = await ask(made.app);
      await settle();
      expect([res.status, res.text]).toEqual([418, "the app's own"]);
      expect(made.reached()).toBe(0);
      // Once each, though every route of a router has error handlers of its own.
      expect([made.handled.length, made.escaped.length]).toEqual([1, 1]);
    });

    test("a handler that neither responds nor returns opens nothing", async () => {
      const made = createApp(version, mount, () => NEVER);
      await withServer(made.app, async (port) => {
        const socket = await openSocket(port, post(path));
        while (made.handled.length === 0) await settle();
        await settle();
        socket.destroy();
      });
      expect([made.handled.length, made.escaped.length, made.reached()]).toEqual([1, 0, 0]);
    });

    test("a handler that responds is the response, and nothing comes after it", async () => {
      const made = createApp(version, mount, (error, _req, res) => {
        res.status(error.status).json({ problem: error.message });
      });
      const res = await ask(made.app);
      const problem = "The X-API-Key header is missing";
      expect([res.status, res.body]).toEqual([401, { problem }]);
      expect([made.escaped, made.reached()]).toEqual([[], 0]);
    });

    test("what is passed on is what the handler passed on", async () => {
      const own = new Error("own");
      for (const handler of [
        (...[, , , next]: Parameters<Handler>) => next(own),
        () => Promise.reject(own),
      ]) {
        const made = createApp(version, mount, handler);
        await ask(made.app);
        expect(made.escaped).toEqual([own]);
      }
    });

    test("each request gets an error of its own, of http-errors", async () => {
      const made = createApp(version, mount, (error, _req, _res, next) => next(error), {
        authenticate: () => null,
      });
      for (let i = 0; i < 2; i++) await ask(made.app).set("X-API-Key", keyOf("eve"));
      const [first, second] = made.handled as [HttpError, HttpError];
      expect(first).not.toBe(second);
      for (const error of [first, second]) {
        expect([isHttpError(error), error instanceof Error]).toEqual([true, true]);
        expect(error).toMatchObject({
          status: 401,
          statusCode: 401,
          expose: true,
          details: "The provided ID is not valid",
          message: "The provided ID is not valid",
        });
        expect(error).not.toHaveProperty("cause");
        // Nothing of it is frozen: an app may well write on it.
        expect(() => Object.assign(error, { message: "mine" })).not.toThrow();
      }
    });

    test.each<[string, () => unknown, number]>([
      ["500", () => Promise.reject(down), 500],
      ["503", () => NEVER, 503],
    ])("a %s goes to onError first, and its cause to the handler", async (_, fail, status) => {
      const made = createApp(
        version,
        mount,
        (error, _req, res) => res.sendStatus(error.status),
        {
          authenticate: fail,
        },
        5,
      );
      const res = await ask(made.app).set("X-API-Key", keyOf("ada"));
      expect(res.status).toBe(status);
      expect(made.log).toEqual(["onError", "errorHandler"]);
      expect(made.handled).toMatchObject([{ status, expose: false, cause: made.reported[0] }]);
      expect(made.handled[0]?.message).not.toContain("password");
      expect(made.handled[0]).not.toHaveProperty("details");
      expect(made.handled[0]).not.toHaveProperty("headers");
    });

    test("onError that fails keeps nothing from the handler", async () => {
      const warn = jest.spyOn(process, "emitWarning").mockReturnValue();
      const made = createApp(version, mount, (error, _req, res) => res.sendStatus(error.status), {
        authenticate: () => Promise.reject(down),
        onError: () => {
          throw new Error("no log");
        },
      });
      const res = await ask(made.app).set("X-API-Key", keyOf("ada"));
      expect(res.status).toBe(500);
      const as = { type: "TotpWarning", code: "TOTP_ON_ERROR" };
      expect(warn.mock.calls).toEqual([["onError failed", as]]);
      warn.mockRestore();
    });

    test("an error of a callback keeps its status, reason and allowed headers", async () => {
      const error = Object.assign(new Error("Subscribe first"), {
        status: 402,
        expose: true,
        reason: "no_plan",
        headers: { Location: "/plans", "Set-Cookie": "session=upstream" },
      });
      const made = createApp(version, mount, (_error, _req, _res, next) => next(), {
        authenticate: () => Promise.reject(error),
      });
      const res = await ask(made.app).set("X-API-Key", keyOf("ada"));
      expect(made.handled).toMatchObject([
        { status: 402, details: "Subscribe first", reason: "no_plan" },
      ]);
      expect(made.handled[0]?.headers).toEqual({ Location: "/plans" });
      expect(made.handled[0]).not.toHaveProperty("retryAfterSeconds");
      expect(made.handled[0]).not.toHaveProperty("offsetSeconds");
      expect(res.get("Set-Cookie")).toBeUndefined();
      expect(made.reported).toEqual([]);
    });
  });

  describe.each(["setup router", "router"] as const)("%s", (mount) => {
    test("a 405 comes to the handler, with what is allowed", async () => {
      const made = createApp(version, mount, (_error, _req, _res, next) => next());
      await request(made.app).put(SETUP_PATH).expect(418);
      expect(made.handled).toMatchObject([
        { status: 405, details: "Use POST", headers: { Allow: "POST" } },
      ]);
      expect(made.reached()).toBe(0);
    });

    test("Express itself responds with the headers, in an app without a handler of its own", async () => {
      const errorHandler: Handler = (error, _req, _res, next) => next(error);
      const { lib, express } = version;
      const http = { authenticate: () => null, errorHandler: errorHandler as never };
      const totp = lib.createTotpService({ store: lib.createMemoryStore() });
      const app = express().set("env", "test");
      if (mount === "router") app.use(lib.createTotpRouter({ totp, ...http }));
      else app.use(lib.createTotpSetupRouter({ ...http, savePendingSecret: () => {} }));
      const res = await request(app).put(SETUP_PATH);
      expect([res.status, res.get("Allow")]).toEqual([405, "POST"]);
    });
  });

  describe("router", () => {
    const verify = (app: Parameters<typeof request>[0]) =>
      request(app).post(PATHS.verify).set("X-API-Key", keyOf("ada"));

    test("a 413 and a 400 come to the handler", async () => {
      const made = createApp(version, "router", (_error, _req, _res, next) => next());
      await verify(made.app)
        .send({ code: "1".repeat(5000) })
        .expect(418);
      await verify(made.app).set("Content-Type", "application/json").send("{").expect(418);
      const undecodable = `${PATHS.devices}/%E0%A4%A`;
      await request(made.app).delete(undecodable).set("X-API-Key", keyOf("ada")).expect(418);
      expect(made.handled.map(({ status }) => status)).toEqual([413, 400, 400]);
      expect([made.reported, made.reached()]).toEqual([[], 0]);
    });

    test("a 408 comes to the handler", async () => {
      const made = createApp(version, "router", (_error, _req, _res, next) => next(), {}, 5);
      const headers = [
        `X-API-Key: ${keyOf("ada")}`,
        "Content-Type: application/json",
        "Content-Length: 9",
      ];
      const { status } = await withServer(made.app, (port) =>
        exchange(port, `${post(PATHS.verify, headers)}{`),
      );
      expect(status).toBe(418);
      expect(made.handled).toMatchObject([
        { status: 408, details: "The body did not arrive in time" },
      ]);
      expect(made.reached()).toBe(0);
    });

    test("reasons come with what belongs to them", async () => {
      const made = createApp(version, "router", (_error, _req, _res, next) => next());
      const begun = await made.totp.beginSetup("ada");
      if (!begun.ok) throw new Error(begun.reason);
      await verify(made.app).send({ code: codeAt(begun.secret, Date.now() + 150_000) });
      expect(made.handled).toMatchObject([
        { status: 422, reason: "clock_skew", offsetSeconds: expect.any(Number) },
      ]);
      made.totp.config.store.compareAndSet = async () => false;
      await request(made.app).post(PATHS.setup).set("X-API-Key", keyOf("ada"));
      expect(made.handled[1]).toMatchObject({
        status: 429,
        reason: "busy",
        retryAfterSeconds: 1,
        headers: { "Retry-After": "1" },
      });
    });
  });
});
