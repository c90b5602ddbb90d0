import { STATUS_CODES } from "node:http";
import { gzipSync } from "node:zlib";
import createHttpError from "http-errors";
import request from "supertest";
import { EXPRESS_VERSIONS, type ExpressVersion } from "../helpers/express-versions.js";
import { exchange, withServer } from "../helpers/servers.js";
import { codeAt, lock, wrongCode } from "../helpers/service.js";
import {
  BASE,
  createServiceApp,
  enrollDirectly,
  keyOf,
  PATHS,
  type Sent,
  type ServiceApp,
  type ServiceAppOptions,
  send,
  sessionOf,
} from "../helpers/service-app.js";
import { forbidUnhandledRejections } from "../helpers/unhandled.js";

forbidUnhandledRejections();

interface Answer {
  status: number;
  text: string;
  get(header: string): string | undefined;
}

/** The documented shape, to the letter. */
function expectError(res: Answer, status: number, details?: string): void {
  const body = { code: status, ...(details && { details }), error: STATUS_CODES[status] };
  expect([res.status, res.text]).toEqual([status, JSON.stringify(body)]);
  expect(res.get("Cache-Control")).toBe("no-store");
  expect(res.get("Content-Type")).toBe("application/json; charset=utf-8");
}

const SESSION = { session_id: sessionOf("ada") };
const NEVER = new Promise<never>(() => {});
const NOT_JSON = "Send a JSON object with Content-Type: application/json";
const TOO_LARGE = "The body is larger than 4096 bytes";

/** The ways that a body of a route can come: past a parser of the app's, or not. */
const PARSERS: [string, (version: ExpressVersion) => ServiceAppOptions][] = [
  ["alone", () => ({})],
  [
    "behind the app's own express.json()",
    ({ express }) => ({ before: (app) => app.use(express.json({ limit: "1mb" })) }),
  ],
  [
    "behind the app's parsers of all kinds",
    ({ express }) => ({
      before: (app) => {
        app.use(
          express.json({ limit: "1mb", strict: false }),
          express.text(),
          express.urlencoded({ extended: false }),
        );
      },
    }),
  ],
];

describe.each(EXPRESS_VERSIONS)("$name", (version) => {
  describe.each(PARSERS)("a body, %s:", (_, optionsFor) => {
    const create = () => createServiceApp(version, optionsFor(version));
    const json = { "Content-Type": "application/json" };

    const malformed: [string, Sent, string | undefined][] = [
      ["no body", {}, NOT_JSON],
      [
        "a form",
        { body: "code=123456", headers: { "Content-Type": "application/x-www-form-urlencoded" } },
        NOT_JSON,
      ],
      [
        "JSON as text",
        { body: '{"code":"123456"}', headers: { "Content-Type": "text/plain" } },
        NOT_JSON,
      ],
      ["a list", { body: ["123456"] }, NOT_JSON],
      // An app's parser may refuse these before they come here, or let them through.
      ["half an object", { body: '{"code":', headers: json }, undefined],
      ["a text", { body: '"123456"', headers: json }, undefined],
      ["null", { body: "null", headers: json }, undefined],
      [
        "an unknown charset",
        { body: '{"code":"1"}', headers: { "Content-Type": "application/json; charset=x" } },
        undefined,
      ],
    ];

    test.each(malformed)("%s is a 400", async (_title, sent, details) => {
      const made = create();
      for (const path of [PATHS.verify, PATHS.login]) {
        const res = await send(made.app, path, sent);
        if (details) expectError(res, 400, details);
        else if (made.escaped.length === 0) expect(res.status).toBe(400);
        expect(res.text).not.toContain("123456");
      }
      expect(made.errors).toEqual([]);
    });

    const values = [undefined, null, 123_456, "", true, ["123456"], { code: "123456" }];
    test.each(values)("a code %j is a 400 that names the field", async (code) => {
      const made = create();
      const details = 'The field "code" must be a non-empty string';
      expectError(await send(made.app, PATHS.verify, { body: { code } }), 400, details);
      const body = { ...SESSION, code };
      expectError(await send(made.app, PATHS.login, { as: null, body }), 400, details);
      const session = { session_id: code, code: "123456" };
      const named = details.replace("code", "session_id");
      expectError(await send(made.app, PATHS.login, { as: null, body: session }), 400, named);
    });

    test("a code that no code looks like is a 400, and costs no attempt", async () => {
      const made = create();
      await enrollDirectly(made);
      await send(made.app, PATHS.setup, { as: "eve" });
      const details = 'The field "code" is not a code';
      for (const code of ["12345", "1234567", "abcdef", "１２３４５６", "x".repeat(2000)]) {
        const verify = await send(made.app, PATHS.verify, { as: "eve", body: { code } });
        expectError(verify, 400, details);
        expectError(
          await send(made.app, PATHS.login, { body: { ...SESSION, code } }),
          400,
          details,
        );
      }
      expect(made.events.map(({ type }) => type)).toEqual(["setup_started"]);
    });

    test("a field of the prototype is no field", async () => {
      const made = create();
      const body = '{"__proto__":{"code":"123456"},"toString":"123456"}';
      const res = await send(made.app, PATHS.verify, { body, headers: json });
      expectError(res, 400, 'The field "code" must be a non-empty string');
    });

    test("a body over 4 KiB is a 413, and one of 4 KiB is not", async () => {
      const made = create();
      const bodyOf = (bytes: number) => {
        const frame = JSON.stringify({ ...SESSION, code: "123456", pad: "" }).length;
        return JSON.stringify({ ...SESSION, code: "123456", pad: "x".repeat(bytes - frame) });
      };
      for (const path of [PATHS.verify, PATHS.login]) {
        for (const bytes of [4097, 100_000]) {
          const res = await send(made.app, path, { body: bodyOf(bytes), headers: json });
          expectError(res, 413, TOO_LARGE);
        }
        const res = await send(made.app, path, { body: bodyOf(4096), headers: json });
        expect(res.status).toBe(path === PATHS.verify ? 409 : 401);
      }
    });
  });

  test("a body over 4 KiB that does not tell its length is a 413 too", async () => {
    const made = createServiceApp(version);
    const body = JSON.stringify({ code: "x".repeat(5000) });
    const text = [
      `POST ${PATHS.verify} HTTP/1.1`,
      "Host: localhost",
      "Connection: close",
      `X-API-Key: ${keyOf("ada")}`,
      "Content-Type: application/json",
      "Transfer-Encoding: chunked",
      "",
      body.length.toString(16),
      body,
      "0",
      "",
      "",
    ].join("\r\n");
    const res = await withServer(made.app, (port) => exchange(port, text));
    expect(res.status).toBe(413);
    expect(res.body).toContain(TOO_LARGE);
  });

  test("a compressed body is a 400: what it holds could be of any size", async () => {
    const made = createServiceApp(version);
    const body = gzipSync('{"code":"123456"}');
    const res = await request(made.app)
      .post(PATHS.verify)
      .set({ "X-API-Key": keyOf("ada"), "Content-Type": "application/json" })
      .set("Content-Encoding", "gzip")
      .serialize((given) => given as string)
      .send(body);
    expectError(res, 400, "The body is not JSON");
  });

  describe("401", () => {
    const authenticated = [
      "setup",
      "verify",
      "status",
      "delete",
      "regenerate",
      "transfer",
    ] as const;

    test.each(authenticated)("%s, without a key that is somebody's", async (name) => {
      const made = createServiceApp(version);
      const body = name === "verify" ? { code: "123456" } : undefined;
      const without = await send(made.app, PATHS[name], { as: null, body });
      expectError(without, 401, "The X-API-Key header is missing");
      const empty = await send(made.app, PATHS[name], {
        as: null,
        body,
        headers: { "X-API-Key": " " },
      });
      expectError(empty, 401, "The X-API-Key header is empty");
      const unknown = await send(made.app, PATHS[name], { as: "nobody", body });
      expectError(unknown, 401, "The provided ID is not valid");
      expect({ events: made.events, errors: made.errors }).toEqual({ events: [], errors: [] });
    });

    test("comes before whatever is wrong with the body", async () => {
      const made = createServiceApp(version);
      const res = await send(made.app, PATHS.verify, { as: "nobody", body: "{" });
      expectError(res, 401, "The provided ID is not valid");
    });

    test("login, for an unknown session, a wrong or used code, or a user without TOTP", async () => {
      const made = createServiceApp(version);
      const { secret, fresh, backupCodes } = await enrollDirectly(made);
      const login = (session_id: string, code: string) =>
        send(made.app, PATHS.login, { as: null, body: { session_id, code } });
      expectError(
        await login("session-of-nobody", fresh()),
        401,
        "The session is unknown or has expired",
      );
      expectError(await login(sessionOf("eve"), fresh()), 401, "TOTP is not set up");
      const wrong = "The code is wrong or was used already";
      expectError(await login(SESSION.session_id, wrongCode(made.clock.time, secret)), 401, wrong);
      expect((await login(SESSION.session_id, fresh())).status).toBe(200);
      expectError(await login(SESSION.session_id, fresh()), 401, wrong);
      expect((await login(SESSION.session_id, String(backupCodes[0]))).status).toBe(200);
      expectError(await login(SESSION.session_id, String(backupCodes[0])), 401, wrong);
      expectError(await login(SESSION.session_id, "00000-00000"), 401, wrong);
    });
  });

  describe("403, where TOTP is on", () => {
    const changes = ["setup", "delete", "regenerate"] as const;

    test.each(changes)("%s without a fresh code", async (name) => {
      const made = createServiceApp(version);
      const { secret, fresh } = await enrollDirectly(made);
      const before = await made.store.get("ada");
      const change = (code?: string) => send(made.app, PATHS[name], { code });
      expectError(await change(), 403, "Send a fresh code in the X-TOTP-Code header");
      expectError(await change(""), 403, "Send a fresh code in the X-TOTP-Code header");
      for (const code of ["12345", "no code", `${fresh()}, ${fresh()}`]) {
        expectError(await change(code), 403, "The X-TOTP-Code header is not a code");
      }
      expect(await made.store.get("ada")).toBe(before);
      const used = codeAt(secret, made.clock.time - 30_000);
      for (const code of [used, wrongCode(made.clock.time, secret)]) {
        const details = "The code in the X-TOTP-Code header is wrong or was used already";
        expectError(await change(code), 403, details);
      }
      expect((await made.totp.status("ada")).isEnabled).toBe(true);
      expect((await change(fresh())).status).toBe(name === "delete" ? 204 : 200);
    });

    test.each(changes)("%s with a code sent twice, which could be two guesses", async (name) => {
      const made = createServiceApp(version);
      const { fresh } = await enrollDirectly(made);
      const text = [
        `${name === "delete" ? "DELETE" : "POST"} ${PATHS[name]} HTTP/1.1`,
        "Host: localhost",
        "Connection: close",
        `X-API-Key: ${keyOf("ada")}`,
        `X-TOTP-Code: ${fresh()}`,
        `X-TOTP-Code: ${fresh()}`,
        "",
        "",
      ].join("\r\n");
      const res = await withServer(made.app, (port) => exchange(port, text));
      expect(res.status).toBe(403);
      expect(res.body).toContain("The X-TOTP-Code header is not a code");
    });
  });

  describe("405", () => {
    const routes = [
      ["setup", "POST"],
      ["verify", "POST"],
      ["status", "GET"],
      ["delete", "DELETE"],
      ["regenerate", "POST"],
      ["login", "POST"],
    ] as const;

    test.each(routes)("%s allows %s alone", async (name, allowed) => {
      const made = createServiceApp(version);
      for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]) {
        if (method === allowed) continue;
        const res = await send(made.app, PATHS[name], { as: null, method });
        expectError(res, 405, `Use ${allowed}`);
        expect(res.get("Allow")).toBe(allowed);
      }
    });

    test("other paths are the app's", async () => {
      const made = createServiceApp(version);
      for (const path of [BASE, `${BASE}/`, `${BASE}/verify/x`, "/auth/v1", `${BASE}/unlock`]) {
        expect((await send(made.app, path)).status).toBe(404);
      }
    });
  });

  describe("409", () => {
    test("verify, with nothing to confirm", async () => {
      const made = createServiceApp(version);
      const details = "There is no setup to confirm; begin one first";
      expectError(await send(made.app, PATHS.verify, { body: { code: "123456" } }), 409, details);
      const { fresh } = await enrollDirectly(made);
      expectError(await send(made.app, PATHS.verify, { body: { code: fresh() } }), 409, details);
    });

    test("verify, too late", async () => {
      const made = createServiceApp(version);
      const { secret } = (await send(made.app, PATHS.setup)).body;
      made.clock.advance(600);
      const code = codeAt(secret, made.clock.time);
      const details = "The setup has expired; begin a new one";
      expectError(await send(made.app, PATHS.verify, { body: { code } }), 409, details);
      expect((await send(made.app, PATHS.status)).body.is_setup).toBe(false);
    });

    test("regenerate, while TOTP is off", async () => {
      const made = createServiceApp(version);
      expectError(await send(made.app, PATHS.regenerate), 409, "TOTP is not set up");
      expectError(
        await send(made.app, PATHS.regenerate, { code: "123456" }),
        409,
        "TOTP is not set up",
      );
    });
  });

  test("422: verify with a wrong code, which signs nobody out", async () => {
    const made = createServiceApp(version);
    const { secret } = (await send(made.app, PATHS.setup)).body;
    const wrong = "The code is wrong or was used already";
    const body = { code: wrongCode(made.clock.time, secret) };
    expectError(await send(made.app, PATHS.verify, { body }), 422, wrong);
    const skewed = { code: codeAt(secret, made.clock.time + 90_000) };
    expectError(await send(made.app, PATHS.verify, { body: skewed }), 422, wrong);
    expect((await send(made.app, PATHS.status)).body.is_setup).toBe(false);
  });

  describe("429", () => {
    /** Each way to try a code. */
    const tries: [string, (made: ServiceApp, code: string) => Promise<request.Response>][] = [
      ["login", ({ app }, code) => send(app, PATHS.login, { body: { ...SESSION, code } })],
      ["setup", ({ app }, code) => send(app, PATHS.setup, { code })],
      ["delete", ({ app }, code) => send(app, PATHS.delete, { code })],
      ["regenerate", ({ app }, code) => send(app, PATHS.regenerate, { code })],
      ["the app's own route", ({ app }, code) => send(app, PATHS.transfer, { code })],
    ];

    test.each(tries)("%s while locked, with the seconds to wait", async (_, tryCode) => {
      const made = createServiceApp(version);
      const { secret, fresh, backupCodes } = await enrollDirectly(made);
      await lock(made, "ada", secret);
      made.clock.advance(0.5);
      for (const code of [fresh(), String(backupCodes[0]), "000000"]) {
        const res = await tryCode(made, code);
        expectError(res, 429, "Too many wrong codes; try again later");
        expect(res.get("Retry-After")).toBe("900");
      }
      made.clock.advance(899.5);
      expect((await tryCode(made, fresh())).status).toBeLessThan(300);
    });

    test("verify while locked", async () => {
      const made = createServiceApp(version);
      const { secret } = (await send(made.app, PATHS.setup)).body;
      for (let i = 0; i < 5; i++) {
        const body = { code: wrongCode(made.clock.time, secret) };
        expect((await send(made.app, PATHS.verify, { body })).status).toBe(422);
      }
      const body = { code: codeAt(secret, made.clock.time) };
      const res = await send(made.app, PATHS.verify, { body });
      expectError(res, 429, "Too many wrong codes; try again later");
      expect(res.get("Retry-After")).toBe("900");
    });

    test.each(tries)("%s where somebody else always writes first", async (_, tryCode) => {
      const made = createServiceApp(version);
      const { fresh } = await enrollDirectly(made);
      made.store.compareAndSet = async () => false;
      const res = await tryCode(made, fresh());
      expectError(res, 429, "Too many attempts at the same time");
      expect(res.get("Retry-After")).toBe("1");
      expect(made.errors).toEqual([]);
    });
  });

  describe("500 and 503", () => {
    const everything = [
      "setup",
      "verify",
      "status",
      "delete",
      "regenerate",
      "login",
      "transfer",
    ] as const;

    async function sendTo(made: ServiceApp, name: keyof typeof PATHS): Promise<request.Response> {
      const code = codeAt("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", made.clock.time);
      const body = name === "login" || name === "verify" ? { ...SESSION, code } : undefined;
      return send(made.app, PATHS[name], { code, body });
    }

    const down = Object.assign(new Error("password of the database"), { secret: "s3cret" });

    test.each(everything)("%s, where the store fails", async (name) => {
      for (const get of [
        () => Promise.reject(down),
        () => {
          throw down;
        },
      ]) {
        const made = createServiceApp(version);
        made.store.get = get;
        const res = await sendTo(made, name);
        expectError(res, 500);
        expect(made.errors).toEqual([down]);
        expect(made.escaped).toEqual([]);
      }
    });

    test.each(everything)("%s, where the store has what cannot be read", async (name) => {
      const made = createServiceApp(version);
      for (const value of ['{"version":2}', "", 5, Buffer.from("{}"), true]) {
        made.store.get = () => value as string;
        expectError(await sendTo(made, name), 500);
      }
      expect(made.errors).toHaveLength(5);
    });

    test.each(everything)("%s, where the store hangs", async (name) => {
      const made = createServiceApp(version, { service: { timeoutMs: 5 } });
      made.store.get = () => NEVER;
      expectError(await sendTo(made, name), 503);
      expect(made.errors).toMatchObject([{ name: "TotpTimeoutError", callback: "store.get" }]);
    });

    test.each(["setup", "verify", "status", "delete", "regenerate", "transfer"] as const)(
      "%s, where authenticate fails",
      async (name) => {
        for (const [authenticate, status] of [
          [() => Promise.reject(down), 500],
          [() => true, 500],
          [() => ({ id: "" }), 500],
          [() => NEVER, 503],
        ] as const) {
          const options = {
            service: { timeoutMs: 5 },
            router: { authenticate },
            guard: { authenticate },
          };
          const made = createServiceApp(version, options);
          expectError(await sendTo(made, name), status);
          expect(made.errors).toHaveLength(1);
        }
      },
    );

    test("login, where resolveLoginSession fails", async () => {
      for (const [resolveLoginSession, status] of [
        [() => Promise.reject(down), 500],
        [
          () => {
            throw down;
          },
          500,
        ],
        [() => true, 500],
        [() => ({ user: "ada" }), 500],
        [() => NEVER, 503],
      ] as const) {
        const options = { service: { timeoutMs: 5 }, router: { resolveLoginSession } };
        const made = createServiceApp(version, options);
        expectError(await sendTo(made, "login"), status);
        expect(made.errors).toHaveLength(1);
      }
    });

    test("verify and login, where issueTokens fails after the code was right", async () => {
      const circular: Record<string, unknown> = {};
      circular.self = circular;
      for (const [issueTokens, status] of [
        [() => Promise.reject(down), 500],
        [
          () => {
            throw down;
          },
          500,
        ],
        [() => "token", 500],
        [() => 5, 500],
        [() => ["token"], 500],
        [() => false, 500],
        [() => ({ access_token: 5n }), 500],
        [() => circular, 500],
        [() => NEVER, 503],
      ] as const) {
        const made = createServiceApp(version, {
          service: { timeoutMs: 5 },
          router: { issueTokens },
        });
        const { secret } = (await send(made.app, PATHS.setup)).body;
        const body = { ...SESSION, code: codeAt(secret, made.clock.time) };
        expectError(await send(made.app, PATHS.verify, { body }), status);
        // The code was used up all the same, and TOTP is on.
        expect((await made.totp.status("ada")).isEnabled).toBe(true);
        made.clock.advance(30);
        const login = { ...SESSION, code: codeAt(secret, made.clock.time) };
        expectError(await send(made.app, PATHS.login, { body: login }), status);
        expect(await made.totp.verify("ada", login.code)).toMatchObject({ reason: "wrong_code" });
        expect(made.errors).toHaveLength(2);
        expect(made.escaped).toEqual([]);
      }
    });
  });

  test("an error of a callback that carries a status keeps it, its message and its headers", async () => {
    const error = createHttpError(402, "Subscribe first", { headers: { "X-Plan": "pro" } });
    const fail = () => Promise.reject(error);
    const cases: [ServiceAppOptions, keyof typeof PATHS][] = [
      [{ router: { authenticate: fail } }, "status"],
      [{ router: { resolveLoginSession: fail } }, "login"],
      [{ router: { issueTokens: fail } }, "login"],
      [{ guard: { authenticate: fail } }, "transfer"],
      [{ guard: { authenticate: undefined, getUserId: fail } }, "transfer"],
    ];
    for (const [options, name] of cases) {
      const made = createServiceApp(version, { ...options, exceptions: { thrown: [402] } });
      const { fresh } = await enrollDirectly(made);
      const res = await send(made.app, PATHS[name], {
        body: { ...SESSION, code: fresh() },
        method: name === "status" ? "get" : "post",
      });
      expectError(res, 402, "Subscribe first");
      expect(res.get("X-Plan")).toBe("pro");
      expect(made.errors).toEqual([]);
    }
  });
});
