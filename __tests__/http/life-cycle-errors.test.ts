import { STATUS_CODES } from "node:http";
import { gzipSync } from "node:zlib";
import { sessionFreshness } from "express-totp-setup";
import createHttpError from "http-errors";
import request from "supertest";
import { EXPRESS_VERSIONS, type ExpressVersion } from "../helpers/express-versions.js";
import { exchange, withServer } from "../helpers/servers.js";
import { codeAt, lock, threeCodes, wrongCode, wrongCodes } from "../helpers/service.js";
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
function expectError(
  res: Answer,
  status: number,
  details?: string,
  reason?: string,
  more: object = {},
): void {
  const error = STATUS_CODES[status];
  const body = {
    code: status,
    ...(details && { details }),
    error,
    ...(reason && { reason }),
    ...more,
  };
  expect([res.status, res.text]).toEqual([status, JSON.stringify(body)]);
  expect(res.get("Cache-Control")).toBe("no-store");
  expect(res.get("Content-Type")).toBe("application/json; charset=utf-8");
}

const SESSION = { session_id: sessionOf("ada") };
const FRESHNESS = sessionFreshness({ maxAgeSeconds: 60, get: () => undefined, set: () => {} });
/** Mounts the step-up route too. */
const STEPPING_UP: ServiceAppOptions = { router: { freshness: FRESHNESS } };
const IDENTIFIED = [
  "setup",
  "verify",
  "status",
  "delete",
  "regenerate",
  "stepUp",
  "devices",
  "revokeDevice",
  "transfer",
] as const;
const TAKE_A_BODY: readonly (keyof typeof PATHS)[] = ["verify", "stepUp", "login"];
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
      ["a list", { body: ["123456"] }, "The body is not a JSON object"],
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

    test("a code that no code looks like is a 400, and is not counted", async () => {
      const made = create();
      await enrollDirectly(made);
      await send(made.app, PATHS.setup, { as: "eve" });
      const details = 'The field "code" is not a code';
      for (const code of ["12345", "1234567", "abcdef", "½23456", "x".repeat(2000)]) {
        const verify = await send(made.app, PATHS.verify, { as: "eve", body: { code } });
        expectError(verify, 400, details, "malformed_code");
        const login = await send(made.app, PATHS.login, { body: { ...SESSION, code } });
        expectError(login, 400, details, "malformed_code");
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

  test("a compressed body counts with the size that it inflates to", async () => {
    const made = createServiceApp(version);
    const sendGzipped = (text: string) =>
      request(made.app)
        .post(PATHS.verify)
        .set({ "X-API-Key": keyOf("ada"), "Content-Type": "application/json" })
        .set("Content-Encoding", "gzip")
        .serialize((given) => given as string)
        .send(gzipSync(text));
    const nothing = "There is no setup to confirm; begin one first";
    expectError(await sendGzipped('{"code":"123456"}'), 409, nothing, "nothing_pending");
    const bomb = JSON.stringify({ code: "1".repeat(1_000_000) });
    expect(gzipSync(bomb).length).toBeLessThan(4096);
    expectError(await sendGzipped(bomb), 413, TOO_LARGE);
  });

  describe("401", () => {
    test.each(IDENTIFIED)("%s, without a key that is somebody's", async (name) => {
      const made = createServiceApp(version, STEPPING_UP);
      const body = TAKE_A_BODY.includes(name) ? { code: "123456" } : undefined;
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
      expect(made.errors).toEqual([]);
      // One a request; the service's own events have a user.
      const event = { type: "unauthenticated", by: "user", at: new Date(made.clock.time) };
      expect(made.events).toEqual([event, event, event]);
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
        "The session is unknown or has expired; sign in again",
        "unknown_session",
      );
      const off = await login(sessionOf("eve"), fresh());
      expectError(off, 401, "TOTP is not set up", "not_enabled");
      const expectWrong = async (code: string) => {
        const details = "The code is wrong or was used already";
        expectError(await login(SESSION.session_id, code), 401, details, "wrong_code");
      };
      await expectWrong(wrongCode(made.clock.time, secret));
      expect((await login(SESSION.session_id, fresh())).status).toBe(200);
      await expectWrong(fresh());
      expect((await login(SESSION.session_id, String(backupCodes[0]))).status).toBe(200);
      await expectWrong(String(backupCodes[0]));
      await expectWrong("0000-0000-0000-0000");
      await expectWrong(threeCodes(secret, made.clock.time));
    });
  });

  describe("403, where TOTP is on", () => {
    const changes = ["setup", "delete", "regenerate"] as const;

    test.each(changes)("%s without a fresh code", async (name) => {
      const made = createServiceApp(version);
      const { secret, fresh } = await enrollDirectly(made);
      const before = await made.store.get("ada");
      const change = (code?: string) => send(made.app, PATHS[name], { code });
      for (const code of [undefined, ""]) {
        const details = "Send a fresh code in the X-TOTP-Code header";
        expectError(await change(code), 403, details, "code_required");
      }
      for (const code of ["12345", "no code", `${fresh()}, ${fresh()}`]) {
        const details = "The X-TOTP-Code header is not a code";
        expectError(await change(code), 403, details, "malformed_code");
      }
      expect(await made.store.get("ada")).toBe(before);
      const used = codeAt(secret, made.clock.time - 30_000);
      for (const code of [used, wrongCode(made.clock.time, secret)]) {
        const details = "The code in the X-TOTP-Code header is wrong or was used already";
        expectError(await change(code), 403, details, "wrong_code");
      }
      expect((await made.totp.status("ada")).isEnabled).toBe(true);
      expect((await change(fresh())).status).toBe(200);
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
      ["stepUp", "POST"],
      ["devices", "GET"],
      ["revokeDevice", "DELETE"],
      ["login", "POST"],
    ] as const;

    test.each(routes)("%s allows %s, and HEAD with GET", async (name, allowed) => {
      const made = createServiceApp(version, STEPPING_UP);
      const allow = allowed === "GET" ? "GET, HEAD" : allowed;
      for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]) {
        if (method === allowed) continue;
        const res = await send(made.app, PATHS[name], { as: null, method });
        expectError(res, 405, `Use ${allow}`);
        expect(res.get("Allow")).toBe(allow);
      }
      const head = await send(made.app, PATHS[name], { method: "HEAD" });
      expect([head.status, head.get("Allow")]).toEqual(
        allowed === "GET" ? [200, undefined] : [405, allow],
      );
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
      const verify = (code: string) => send(made.app, PATHS.verify, { body: { code } });
      const details = "There is no setup to confirm; begin one first";
      expectError(await verify("123456"), 409, details, "nothing_pending");
      const { fresh } = await enrollDirectly(made);
      expectError(await verify(fresh()), 409, "TOTP is on already", "already_enabled");
    });

    test("verify, too late", async () => {
      const made = createServiceApp(version);
      const { secret } = (await send(made.app, PATHS.setup)).body;
      made.clock.advance(600);
      const code = codeAt(secret, made.clock.time);
      const details = "The setup has expired; begin a new one";
      expectError(await send(made.app, PATHS.verify, { body: { code } }), 409, details, "expired");
      expect((await send(made.app, PATHS.status)).body.is_setup).toBe(false);
    });

    test("verify, after ten wrong codes: the secret is dropped, and the lockout is left alone", async () => {
      const made = createServiceApp(version);
      const { secret } = (await send(made.app, PATHS.setup)).body;
      const verify = (code: string) => send(made.app, PATHS.verify, { body: { code } });
      for (const code of wrongCodes(9, made.clock.time, secret)) {
        expect((await verify(code)).status).toBe(422);
      }
      const details = "The setup has expired; begin a new one";
      expectError(await verify(wrongCode(made.clock.time, secret)), 409, details, "expired");
      const right = codeAt(secret, made.clock.time);
      expectError(await verify(right), 409, details, "expired");
      expect((await send(made.app, PATHS.setup)).status).toBe(200);
    });

    test("regenerate and step-up, while TOTP is off", async () => {
      const made = createServiceApp(version, STEPPING_UP);
      for (const res of [
        await send(made.app, PATHS.regenerate),
        await send(made.app, PATHS.regenerate, { code: "123456" }),
        await send(made.app, PATHS.stepUp, { body: { code: "123456" } }),
      ]) {
        expectError(res, 409, "TOTP is not set up", "not_enabled");
      }
    });
  });

  test("422: verify with a wrong code, which signs nobody out", async () => {
    const made = createServiceApp(version);
    const { secret } = (await send(made.app, PATHS.setup)).body;
    const wrong = "The code is wrong or was used already";
    const body = { code: wrongCode(made.clock.time, secret) };
    expectError(await send(made.app, PATHS.verify, { body }), 422, wrong, "wrong_code");
    for (const seconds of [90, -600]) {
      const skewed = { code: codeAt(secret, made.clock.time + seconds * 1000) };
      const details = "The clock of the authenticator app is off; set it, and try again";
      const res = await send(made.app, PATHS.verify, { body: skewed });
      expectError(res, 422, details, "clock_skew", { offset_seconds: seconds });
    }
    expect((await send(made.app, PATHS.status)).body.is_setup).toBe(false);
  });

  describe("429", () => {
    /** Each way to try a code. */
    const tries: [string, (made: ServiceApp, code: string) => Promise<request.Response>][] = [
      ["login", ({ app }, code) => send(app, PATHS.login, { body: { ...SESSION, code } })],
      ["setup", ({ app }, code) => send(app, PATHS.setup, { code })],
      ["delete", ({ app }, code) => send(app, PATHS.delete, { code })],
      ["regenerate", ({ app }, code) => send(app, PATHS.regenerate, { code })],
      ["step-up", ({ app }, code) => send(app, PATHS.stepUp, { body: { code } })],
      ["the app's own route", ({ app }, code) => send(app, PATHS.transfer, { code })],
    ];

    test.each(tries)("%s while locked, with the seconds to wait", async (_, tryCode) => {
      const made = createServiceApp(version, STEPPING_UP);
      const { secret, fresh } = await enrollDirectly(made);
      await lock(made, "ada", secret);
      made.clock.advance(0.5);
      for (const code of [fresh(), "000000"]) {
        const res = await tryCode(made, code);
        const details = "Too many wrong codes; try again later, or use a backup code";
        expectError(res, 429, details, "locked", { retry_after: 900 });
        expect(res.get("Retry-After")).toBe("900");
      }
      made.clock.advance(899.5);
      expect((await tryCode(made, fresh())).status).toBeLessThan(300);
      // No lock keeps its owner out.
      const again = createServiceApp(version, STEPPING_UP);
      const owner = await enrollDirectly(again);
      await lock(again, "ada", owner.secret);
      const [backupCode = ""] = owner.backupCodes;
      expect((await tryCode(again, backupCode)).status).toBeLessThan(300);
    });

    test("never for a confirmation, whose secret the client knows", async () => {
      const made = createServiceApp(version);
      const { secret, fresh } = await enrollDirectly(made);
      const again = (await send(made.app, PATHS.setup, { code: fresh() })).body;
      await lock(made, "ada", secret);
      const body = { code: codeAt(again.secret, made.clock.time) };
      expect((await send(made.app, PATHS.verify, { body })).status).toBe(200);
    });

    test.each(tries)("%s where somebody else always writes first", async (_, tryCode) => {
      const made = createServiceApp(version, STEPPING_UP);
      const { fresh } = await enrollDirectly(made);
      made.store.compareAndSet = async () => false;
      const res = await tryCode(made, fresh());
      expectError(res, 429, "Too many attempts at the same time; try again", "busy", {
        retry_after: 1,
      });
      expect(res.get("Retry-After")).toBe("1");
      expect(made.errors).toEqual([]);
    });
  });

  describe("500 and 503", () => {
    const everything = [...IDENTIFIED, "login"] as const;

    async function sendTo(made: ServiceApp, name: keyof typeof PATHS): Promise<request.Response> {
      const code = codeAt("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", made.clock.time);
      const body = TAKE_A_BODY.includes(name) ? { ...SESSION, code } : undefined;
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
        const made = createServiceApp(version, STEPPING_UP);
        made.store.get = get;
        const res = await sendTo(made, name);
        expectError(res, 500);
        expect(made.errors).toEqual([down]);
        expect(made.escaped).toEqual([]);
      }
    });

    test.each(everything)("%s, where the store has what cannot be read", async (name) => {
      const made = createServiceApp(version, STEPPING_UP);
      for (const value of ['{"version":2}', "", 5, Buffer.from("{}"), true]) {
        made.store.get = () => value as string;
        expectError(await sendTo(made, name), 500);
      }
      expect(made.errors).toHaveLength(5);
    });

    test.each(everything)("%s, where the store hangs", async (name) => {
      const made = createServiceApp(version, { service: { timeoutMs: 5 }, ...STEPPING_UP });
      made.store.get = () => NEVER;
      expectError(await sendTo(made, name), 503);
      expect(made.errors).toMatchObject([{ name: "TotpTimeoutError", callback: "store.get" }]);
    });

    test.each(IDENTIFIED)("%s, where authenticate fails", async (name) => {
      for (const [authenticate, status] of [
        [() => Promise.reject(down), 500],
        [() => true, 500],
        [() => ({ id: "" }), 500],
        [() => NEVER, 503],
      ] as const) {
        const options = {
          service: { timeoutMs: 5 },
          router: { authenticate, freshness: FRESHNESS },
          guard: { authenticate },
        };
        const made = createServiceApp(version, options);
        expectError(await sendTo(made, name), status);
        expect(made.errors).toHaveLength(1);
      }
    });

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

    test("login, where issueTokens fails after the code was right", async () => {
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
        const { fresh } = await enrollDirectly(made);
        const login = { ...SESSION, code: fresh() };
        expectError(await send(made.app, PATHS.login, { body: login }), status);
        // The code was used up all the same.
        expect(await made.totp.verify("ada", login.code)).toMatchObject({ reason: "wrong_code" });
        expect(made.errors).toHaveLength(1);
        expect(made.escaped).toEqual([]);
      }
    });
  });

  test("an error of a callback that carries a status keeps it, its message and its reason", async () => {
    const headers = { Location: "/plans", "X-Plan": "pro" };
    const error = createHttpError(402, "Subscribe first", { reason: "no_plan", headers });
    const fail = () => Promise.reject(error);
    const cases: [ServiceAppOptions, keyof typeof PATHS][] = [
      [{ router: { authenticate: fail } }, "status"],
      [{ router: { resolveLoginSession: fail } }, "login"],
      [{ router: { issueTokens: fail } }, "login"],
      [{ router: { authorizeSetup: fail } }, "setup"],
      [{ guard: { getCode: fail } }, "transfer"],
      [{ guard: { authenticate: fail } }, "transfer"],
      [{ guard: { authenticate: undefined, getUser: fail } }, "transfer"],
    ];
    for (const [options, name] of cases) {
      const made = createServiceApp(version, { ...options, exceptions: { thrown: [402] } });
      const { fresh } = await enrollDirectly(made);
      const res = await send(made.app, PATHS[name], {
        body: { ...SESSION, code: fresh() },
        method: name === "status" ? "get" : "post",
      });
      expectError(res, 402, "Subscribe first", "no_plan");
      expect([res.get("Location"), res.get("X-Plan")]).toEqual(["/plans", undefined]);
      expect(made.errors).toEqual([]);
    }
  });
});
