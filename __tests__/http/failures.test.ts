import createHttpError from "http-errors";
import request from "supertest";
import { settle } from "../helpers/deferred.js";
import { EXPRESS_VERSIONS } from "../helpers/express-versions.js";
import { API_KEY, createSetupApp, SETUP_PATH, type SetupApp } from "../helpers/setup-app.js";
import { forbidUnhandledRejections } from "../helpers/unhandled.js";

forbidUnhandledRejections();

const BARE_500 = '{"code":500,"error":"Internal Server Error"}';
const CALLBACKS = ["authenticate", "issuer", "accountName", "savePendingSecret", "qrCode"] as const;

/** Options under which a callback fails with `error`, one way and another. */
function failing(callback: (typeof CALLBACKS)[number], error: unknown) {
  return [
    {
      [callback]: () => {
        throw error;
      },
    },
    { [callback]: () => Promise.reject(error) },
    {
      [callback]: async () => {
        await null;
        throw error;
      },
    },
  ];
}

function setUp({ app }: SetupApp) {
  return request(app).post(SETUP_PATH).set("X-API-Key", API_KEY);
}

/** An error whose every property throws when it is read. */
const poisonous = new Proxy(new Error("poison"), {
  get: () => {
    throw new Error("do not touch");
  },
});

describe.each(EXPRESS_VERSIONS)("$name", (version) => {
  describe.each(CALLBACKS)("a failure of %s", (callback) => {
    test.each<[string, unknown]>([
      ["an Error", new Error("the database is at 10.0.0.5")],
      ["a string", "the database is at 10.0.0.5"],
      ["undefined", undefined],
      ["null", null],
      ["a number", 404],
      ["a symbol", Symbol("down")],
      ["an object", { message: "the database is at 10.0.0.5" }],
      ["an object with a status that is none", { status: 200, message: "10.0.0.5", expose: true }],
      ["an error with a status in words", Object.assign(new Error("10.0.0.5"), { status: "404" })],
      ["an error with half a status", Object.assign(new Error("10.0.0.5"), { status: 404.5 })],
      ["an error with a status past 599", Object.assign(new Error("10.0.0.5"), { status: 600 })],
      ["an error that throws when it is read", poisonous],
    ])("with %s is a bare 500, and its cause goes to onError alone", async (_, error) => {
      for (const options of failing(callback, error)) {
        const setup = createSetupApp(version, options);
        const res = await setUp(setup);
        expect([res.status, res.text]).toEqual([500, BARE_500]);
        expect(res.get("Cache-Control")).toBe("no-store");
        expect(setup.errors).toHaveLength(1);
        expect(setup.errors[0]).toBe(error);
        expect(setup.escaped).toEqual([]);
        expect(setup.events).toEqual([]);
        if (callback !== "qrCode") expect(setup.saved).toEqual([]);
      }
    });

    test("with an HTTP error keeps its status, its exposed message, its reason and its headers", async () => {
      const error = createHttpError(423, "Your account is locked", {
        reason: "suspended",
        headers: { "Retry-After": "120", "X-Reason": "lock" },
      });
      for (const options of failing(callback, error)) {
        const setup = createSetupApp(version, options, { thrown: [423] });
        const res = await setUp(setup);
        expect([res.status, res.text]).toEqual([
          423,
          '{"code":423,"details":"Your account is locked","error":"Locked","reason":"suspended"}',
        ]);
        expect([res.get("Retry-After"), res.get("X-Reason")]).toEqual(["120", undefined]);
        expect(setup.errors).toEqual([]);
      }
    });
  });

  test("a 401 of authenticate is an event, as a rejected key is", async () => {
    const errors = [createHttpError(401, "Expired"), Object.assign(new Error(""), { status: 401 })];
    for (const error of errors) {
      const setup = createSetupApp(version, { authenticate: () => Promise.reject(error) });
      await setUp(setup).expect(401);
      expect(setup.events).toMatchObject([{ type: "unauthenticated" }]);
    }
  });

  async function responseTo(error: object) {
    const { status, statusCode = status } = error as Record<string, number>;
    const authenticate = () => Promise.reject(error);
    const setup = createSetupApp(version, { authenticate }, { thrown: [Number(statusCode)] });
    const res = await setUp(setup);
    return { res, ...setup };
  }

  test.each<[string, object, number, string, number]>([
    [
      "an exposed 4xx",
      createHttpError(404, "No such user"),
      404,
      '{"code":404,"details":"No such user","error":"Not Found"}',
      0,
    ],
    [
      "a 4xx that hides its message",
      createHttpError(404, "secret", { expose: false }),
      404,
      '{"code":404,"error":"Not Found"}',
      0,
    ],
    [
      "a 5xx",
      createHttpError(502, "10.0.0.5 is down"),
      502,
      '{"code":502,"error":"Bad Gateway"}',
      1,
    ],
    [
      "a 5xx that exposes its message",
      createHttpError(503, "Back at noon", { expose: true }),
      503,
      '{"code":503,"details":"Back at noon","error":"Service Unavailable"}',
      1,
    ],
    [
      "a status without a name",
      createHttpError(499, "Gone away"),
      499,
      '{"code":499,"details":"Gone away","error":"Client Error"}',
      0,
    ],
    [
      "a status without a name past 500",
      createHttpError(599, "x"),
      599,
      '{"code":599,"error":"Server Error"}',
      1,
    ],
    [
      "an error with a status, which exposes nothing by that",
      Object.assign(new Error("10.0.0.5"), { status: 429 }),
      429,
      '{"code":429,"error":"Too Many Requests"}',
      0,
    ],
    [
      "an error with a statusCode",
      Object.assign(new Error("x"), { statusCode: 409, expose: true }),
      409,
      '{"code":409,"details":"x","error":"Conflict"}',
      0,
    ],
    [
      "a plain object with a status",
      { status: 403, expose: true, message: "No" },
      403,
      '{"code":403,"details":"No","error":"Forbidden"}',
      0,
    ],
    [
      "a message that is no text",
      { status: 403, expose: true, message: { secret: 1n } },
      403,
      '{"code":403,"error":"Forbidden"}',
      0,
    ],
    [
      "an empty message",
      { status: 403, expose: true, message: "" },
      403,
      '{"code":403,"error":"Forbidden"}',
      0,
    ],
    [
      "a message with quotes and line breaks",
      createHttpError(400, 'a"b\r\nc'),
      400,
      '{"code":400,"details":"a\\"b\\r\\nc","error":"Bad Request"}',
      0,
    ],
  ])("%s", async (_, error, status, text, reports) => {
    const { res, errors } = await responseTo(error);
    expect([res.status, res.text]).toEqual([status, text]);
    expect(errors).toEqual(reports === 0 ? [] : [error]);
  });

  describe("headers of an error", () => {
    test("that say when to come again, how to sign in and where to go are sent", async () => {
      const headers = {
        "Retry-After": 120,
        "www-authenticate": 'Bearer realm="acme"',
        LOCATION: "/plans",
      };
      const { res } = await responseTo(createHttpError(402, "no", { headers }));
      expect(res.headers).toMatchObject({
        "retry-after": "120",
        "www-authenticate": 'Bearer realm="acme"',
        location: "/plans",
      });
    });

    test("of another server's response, as the errors of HTTP clients carry them, are not", async () => {
      const headers = {
        "Set-Cookie": "session=upstream",
        Allow: "GET",
        "Access-Control-Allow-Origin": "*",
        "Cache-Control": "public, max-age=31536000",
        "cOnTeNt-LeNgTh": "5",
        "Content-Type": "text/html",
        "Content-Encoding": "gzip",
        "Content-Range": "bytes 0-1/2",
        "Transfer-Encoding": "chunked",
        Trailer: "X-Checksum",
        Connection: "upgrade",
        "Keep-Alive": "timeout=0",
        Upgrade: "h2c",
        ETag: '"abc"',
        "Last-Modified": "Mon, 01 Jan 2024 00:00:00 GMT",
        Date: "Mon, 01 Jan 2024 00:00:00 GMT",
        Server: "upstream",
        "X-Internal": "10.0.0.5",
      };
      const { res } = await responseTo(createHttpError(400, "<b>no</b>", { headers }));
      expect(res.text).toBe('{"code":400,"details":"<b>no</b>","error":"Bad Request"}');
      expect(Object.keys(res.headers).sort()).toEqual([
        "cache-control",
        "connection",
        "content-length",
        "content-type",
        "date",
        "x-powered-by",
      ]);
      expect(res.headers).toMatchObject({
        "cache-control": "no-store",
        connection: "close",
        "content-length": String(res.text.length),
        "content-type": "application/json; charset=utf-8",
      });
      expect(res.headers.date).not.toContain("2024");
    });

    test.each<[string, unknown]>([
      ["a second header", "120\r\nSet-Cookie: admin=1"],
      ["other characters", "日本"],
      ["nothing", undefined],
      ["null", null],
      ["an object", { toString: () => "120" }],
      ["a symbol", Symbol("120")],
      ["a list", ["120", "240"]],
    ])("with %s in them are left out, and the others are kept", async (_, value) => {
      const headers = { "Retry-After": value, Location: "/plans" };
      const { res, errors } = await responseTo(
        Object.assign(createHttpError(400, "no"), { headers }),
      );
      expect([res.status, res.body.details]).toEqual([400, "no"]);
      expect(res.headers).not.toHaveProperty("retry-after");
      expect(res.headers).not.toHaveProperty("set-cookie");
      expect(res.get("Location")).toBe("/plans");
      expect(errors).toEqual([]);
    });

    test("remove none that the app has set", async () => {
      const authenticate = () => {
        throw createHttpError(400, "no", { headers: { Location: "a\nb", Vary: "Cookie" } });
      };
      const { app } = createSetupApp(version, { authenticate }, { thrown: [400] });
      const outer = version.express();
      outer.use((_req, res, next) => {
        res.set({ Location: "/app", Vary: "Origin" });
        next();
      });
      outer.use(app);
      const res = await request(outer).post(SETUP_PATH).set("X-API-Key", API_KEY);
      expect([res.status, res.get("Location"), res.get("Vary")]).toEqual([400, "/app", "Origin"]);
    });

    test.each<[string, unknown]>([
      ["a string", "Location: /evil"],
      ["an array", [["Location", "/evil"]]],
      ["a number", 5],
      ["a Map", new Map([["Location", "/evil"]])],
      ["null", null],
      [
        "an object that throws",
        {
          get location() {
            throw new Error("evil");
          },
        },
      ],
    ])("are no headers where they are %s", async (_, headers) => {
      const { res } = await responseTo(Object.assign(createHttpError(400, "no"), { headers }));
      expect([400, 500]).toContain(res.status);
      expect(res.headers).not.toHaveProperty("location");
    });
  });

  describe("a hook of the app", () => {
    const fail = () => {
      throw new Error("hook failed");
    };
    const HOOKS: [string, () => unknown][] = [
      ["throws", fail],
      ["rejects", async () => fail()],
      ["hangs", () => new Promise(() => {})],
    ];

    test.each(HOOKS)("onEvent that %s changes no answer", async (name, onEvent) => {
      const setup = createSetupApp(version, { onEvent });
      await setUp(setup).expect(200);
      await setUp(setup).set("X-API-Key", "unknown").expect(401);
      await settle();
      const failure = new Error("hook failed");
      expect(setup.errors).toEqual(name === "hangs" ? [] : [failure, failure]);
    });

    test.each(HOOKS)("onError that %s changes no answer", async (name, onError) => {
      const warn = jest.spyOn(process, "emitWarning").mockReturnValue();
      const setup = createSetupApp(version, { onError, savePendingSecret: fail });
      const res = await setUp(setup);
      await settle();
      expect([res.status, res.text]).toEqual([500, BARE_500]);
      expect(warn.mock.calls.map(([message]) => message)).toEqual(
        name === "hangs" ? [] : ["onError failed"],
      );
      warn.mockRestore();
    });

    test("onEvent and onError that both fail change no answer", async () => {
      const warn = jest.spyOn(process, "emitWarning").mockReturnValue();
      await setUp(createSetupApp(version, { onEvent: fail, onError: fail })).expect(200);
      expect(warn).toHaveBeenCalledTimes(1);
      warn.mockRestore();
    });

    test("onError is given the request", async () => {
      const onError = jest.fn();
      await setUp(createSetupApp(version, { onError, savePendingSecret: fail })).expect(500);
      expect(onError).toHaveBeenCalledTimes(1);
      expect(onError.mock.calls[0][1].path).toBe(SETUP_PATH);
    });

    test.each([400, 401, 404, 405, 429])("onError is not told of a %i", async (status) => {
      const { errors } = await responseTo(createHttpError(status, "x"));
      expect(errors).toEqual([]);
    });
  });

  test("a clock that breaks is a 500, and an event that cannot be dated changes no 401", async () => {
    const broken = { now: () => Number.NaN };
    const setup = createSetupApp(version, broken);
    await setUp(setup).expect(500, BARE_500);
    expect(setup.saved).toEqual([]);
    expect(setup.errors).toMatchObject([{ code: "INVALID_OPTION", option: "now" }]);

    const rejected = createSetupApp(version, { ...broken, authenticate: () => null });
    await setUp(rejected).expect(401);
    expect(rejected.errors).toMatchObject([{ option: "now" }]);
  });
});
