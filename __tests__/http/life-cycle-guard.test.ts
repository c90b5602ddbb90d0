import type { Request } from "express";
import request from "supertest";
import { EXPRESS_VERSIONS } from "../helpers/express-versions.js";
import { begin, codeAt, lock, wrongCode } from "../helpers/service.js";
import {
  createServiceApp,
  enrollDirectly,
  PATHS,
  type ServiceAppOptions,
  send,
} from "../helpers/service-app.js";
import { forbidUnhandledRejections } from "../helpers/unhandled.js";
import { validatedGuard } from "../helpers/validated.js";

forbidUnhandledRejections();

const bySession = (getUser: (req: Request) => unknown): ServiceAppOptions => ({
  guard: { authenticate: undefined, getUser },
});

describe.each(EXPRESS_VERSIONS)("$name", (version) => {
  test("lets a request through with a fresh code, once", async () => {
    const made = createServiceApp(version);
    const { fresh, backupCodes } = await enrollDirectly(made);
    const transfer = (code?: string) => send(made.app, PATHS.transfer, { code });
    const passed = await transfer(fresh());
    expect([passed.status, passed.body]).toEqual([201, { done: true }]);
    expect(made.events).toMatchObject([{ type: "verified", purpose: "verify", userId: "ada" }]);
    const again = await transfer(fresh());
    expect([again.status, again.text]).toEqual([
      403,
      '{"code":403,"details":"The code in the X-TOTP-Code header is wrong or was used already","error":"Forbidden","reason":"wrong_code"}',
    ]);
    expect((await transfer(backupCodes[0])).status).toBe(201);
    expect((await transfer(backupCodes[0])).status).toBe(403);
    expect(made.transfers).toBe(2);
  });

  test("calls next once, with nothing, and answers nothing by itself then", async () => {
    const made = createServiceApp(version);
    const { fresh } = await enrollDirectly(made);
    const { totp } = made;
    const guard = validatedGuard(version.lib.requireTotp({ totp, getUser: () => "ada" }));
    const calls: unknown[][] = [];
    const app = version.express().use((req, res) => {
      guard(req, res, (...args: unknown[]) => {
        calls.push(args);
        res.status(200).json({ sent: res.headersSent });
      });
    });
    const res = await request(app).post("/").set("X-TOTP-Code", fresh());
    expect(res.body).toEqual({ sent: false });
    expect(res.get("Cache-Control")).toBeUndefined();
    expect(calls).toEqual([[]]);
    await request(app).post("/").set("X-TOTP-Code", fresh()).expect(403);
    expect(calls).toHaveLength(1);
  });

  test("does not call next if the app has responded in the meantime", async () => {
    const made = createServiceApp(version);
    const { fresh } = await enrollDirectly(made);
    const { totp, events } = made;
    const guard = version.lib.requireTotp({ totp, getUser: () => "ada" });
    const next = jest.fn();
    const app = version.express().use((req, res) => {
      guard(req, res, next);
      res.status(503).send("The app was too slow");
    });
    const res = await request(app).post("/").set("X-TOTP-Code", fresh());
    expect(res.status).toBe(503);
    while (events.length === 0) await new Promise(setImmediate);
    await new Promise(setImmediate);
    expect(next).not.toHaveBeenCalled();
  });

  test.each([
    ["no code", undefined, "Send a fresh code in the X-TOTP-Code header", "code_required"],
    ["an empty code", "", "Send a fresh code in the X-TOTP-Code header", "code_required"],
    ["what is no code", "12345", "The X-TOTP-Code header is not a code", "malformed_code"],
    [
      "a wrong code",
      "wrong",
      "The code in the X-TOTP-Code header is wrong or was used already",
      "wrong_code",
    ],
  ])("%s is a 403", async (_, given, details, reason) => {
    const made = createServiceApp(version);
    const { secret } = await enrollDirectly(made);
    const code = given === "wrong" ? wrongCode(made.clock.time, secret) : given;
    const res = await send(made.app, PATHS.transfer, { code });
    const body = { code: 403, details, error: "Forbidden", reason };
    expect([res.status, res.text]).toEqual([403, JSON.stringify(body)]);
    expect(res.get("Cache-Control")).toBe("no-store");
    expect(made.transfers).toBe(0);
  });

  test("a code in the body, the query or a cookie is none", async () => {
    const made = createServiceApp(version);
    const { fresh } = await enrollDirectly(made);
    const headers = { Cookie: `X-TOTP-Code=${fresh()}` };
    const body = { code: fresh(), "X-TOTP-Code": fresh() };
    const res = await send(made.app, `${PATHS.transfer}?code=${fresh()}`, { headers, body });
    expect(res.status).toBe(403);
    expect((await made.totp.verify("ada", fresh())).ok).toBe(true);
  });

  test("a user whose TOTP is off, or only pending, does not get through", async () => {
    const made = createServiceApp(version);
    const secret = await begin(made, "ada");
    for (const code of ["123456", codeAt(secret, made.clock.time)]) {
      const res = await send(made.app, PATHS.transfer, { code });
      const details = "TOTP is not set up; set it up first";
      const body = { code: 403, details, error: "Forbidden", reason: "not_enabled" };
      expect([res.status, res.text]).toEqual([403, JSON.stringify(body)]);
    }
    expect((await send(made.app, PATHS.transfer)).status).toBe(403);
    expect(made.transfers).toBe(0);
  });

  test("a locked user does not get through", async () => {
    const made = createServiceApp(version);
    const { secret, fresh } = await enrollDirectly(made);
    await lock(made, "ada", secret);
    const res = await send(made.app, PATHS.transfer, { code: fresh() });
    expect([res.status, res.get("Retry-After")]).toEqual([429, "900"]);
    expect(made.transfers).toBe(0);
  });

  describe("getUser", () => {
    test("replaces the API key", async () => {
      const made = createServiceApp(
        version,
        bySession((req) => req.get("X-Session")),
      );
      const { fresh } = await enrollDirectly(made);
      const headers = { "X-Session": "ada" };
      const code = fresh();
      expect((await send(made.app, PATHS.transfer, { as: null, headers, code })).status).toBe(201);
      // One user's code is no other user's.
      const eve = { "X-Session": "eve" };
      await enrollDirectly(made, "eve");
      const next = fresh();
      expect((await send(made.app, PATHS.transfer, { headers: eve, code: next })).status).toBe(403);
    });

    test.each([
      ["undefined", undefined],
      ["null", null],
      ["false", false],
    ])("%s is nobody", async (_, nobody) => {
      for (const answer of [() => nobody, async () => nobody]) {
        const made = createServiceApp(version, bySession(answer));
        const res = await send(made.app, PATHS.transfer, { code: "123456" });
        const body = { code: 401, details: "Nobody is signed in", error: "Unauthorized" };
        expect([res.status, res.text]).toEqual([401, JSON.stringify(body)]);
        expect(made.events).toMatchObject([{ type: "unauthenticated", by: "user" }]);
      }
    });

    test.each([
      ["an empty id", ""],
      ["true", true],
      ["NaN", Number.NaN],
      ["a list", ["ada"]],
    ])("%s is the app's mistake", async (_, id) => {
      const made = createServiceApp(
        version,
        bySession(() => id),
      );
      const res = await send(made.app, PATHS.transfer, { code: "123456" });
      expect([res.status, res.body.details]).toEqual([500, undefined]);
      expect(made.errors).toMatchObject([{ name: "TotpCallbackError", callback: "getUser" }]);
    });

    test("that fails or hangs lets nobody through", async () => {
      for (const [getUser, status] of [
        [() => Promise.reject(new Error("down")), 500],
        [
          () => {
            throw new Error("down");
          },
          500,
        ],
        [() => new Promise(() => {}), 503],
      ] as const) {
        const options = { ...bySession(getUser), service: { timeoutMs: 5 } };
        const made = createServiceApp(version, options);
        expect((await send(made.app, PATHS.transfer, { code: "123456" })).status).toBe(status);
        expect([made.errors.length, made.transfers]).toEqual([1, 0]);
      }
    });
  });
});
