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
  sessionOf,
} from "../helpers/service-app.js";
import { forbidUnhandledRejections } from "../helpers/unhandled.js";
import { validatedGuard } from "../helpers/validated.js";

forbidUnhandledRejections();

const bySession = (getUserId: (req: Request) => unknown): ServiceAppOptions => ({
  guard: { authenticate: undefined, getUserId },
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
      '{"code":403,"details":"The code in the X-TOTP-Code header is wrong or was used already","error":"Forbidden"}',
    ]);
    expect((await transfer(backupCodes[0])).status).toBe(201);
    expect((await transfer(backupCodes[0])).status).toBe(403);
    expect(made.transfers).toBe(2);
  });

  test("calls next once, with nothing, and answers nothing by itself then", async () => {
    const made = createServiceApp(version);
    const { fresh } = await enrollDirectly(made);
    const { totp } = made;
    const guard = validatedGuard(version.lib.requireTotp({ totp, getUserId: () => "ada" }));
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

  test.each([
    ["no code", undefined, "Send a fresh code in the X-TOTP-Code header"],
    ["an empty code", "", "The X-TOTP-Code header is not a code"],
    ["what is no code", "12345", "The X-TOTP-Code header is not a code"],
    ["a wrong code", "wrong", "The code in the X-TOTP-Code header is wrong or was used already"],
  ])("%s is a 403", async (_, given, details) => {
    const made = createServiceApp(version);
    const { secret } = await enrollDirectly(made);
    const code = given === "wrong" ? wrongCode(made.clock.time, secret) : given;
    const res = await send(made.app, PATHS.transfer, { code });
    const body = { code: 403, details, error: "Forbidden" };
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
      const body = { code: 403, details, error: "Forbidden" };
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

  describe("getUserId", () => {
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
        expect([res.status, res.body.details]).toEqual([401, "The provided ID is not valid"]);
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
      expect(made.errors).toMatchObject([{ name: "TotpCallbackError", callback: "getUserId" }]);
    });

    test("that fails or hangs lets nobody through", async () => {
      for (const [getUserId, status] of [
        [() => Promise.reject(new Error("down")), 500],
        [
          () => {
            throw new Error("down");
          },
          500,
        ],
        [() => new Promise(() => {}), 503],
      ] as const) {
        const options = { ...bySession(getUserId), service: { timeoutMs: 5 } };
        const made = createServiceApp(version, options);
        expect((await send(made.app, PATHS.transfer, { code: "123456" })).status).toBe(status);
        expect([made.errors.length, made.transfers]).toEqual([1, 0]);
      }
    });
  });

  describe("maxAgeSeconds", () => {
    const guard = { maxAgeSeconds: 300 };

    test("asks for no other code until then, wherever the last one was given", async () => {
      const made = createServiceApp(version, { guard });
      const { fresh, backupCodes } = await enrollDirectly(made);
      const transfer = async (code?: string) =>
        (await send(made.app, PATHS.transfer, { code })).status;
      made.clock.advance(300);
      expect(await transfer()).toBe(403);
      expect(await transfer(fresh())).toBe(201);
      made.clock.advance(300);
      expect(await transfer()).toBe(201);
      made.clock.advance(0.001);
      expect(await transfer()).toBe(403);

      const session_id = sessionOf("ada");
      await send(made.app, PATHS.login, { body: { session_id, code: backupCodes[0] } });
      expect(await transfer()).toBe(201);
      made.clock.advance(301);
      await send(made.app, PATHS.regenerate, { code: fresh() });
      expect(await transfer()).toBe(201);
    });

    test("counts from the confirmation on", async () => {
      const made = createServiceApp(version, { guard });
      await enrollDirectly(made);
      made.clock.advance(200);
      expect((await send(made.app, PATHS.transfer)).status).toBe(201);
    });

    test("checks a code that comes all the same", async () => {
      const made = createServiceApp(version, { guard });
      const { secret } = await enrollDirectly(made);
      const code = wrongCode(made.clock.time, secret);
      expect((await send(made.app, PATHS.transfer, { code })).status).toBe(403);
      expect(made.events).toMatchObject([{ type: "rejected" }]);
    });

    test("does not count a wrong code, nor somebody else's", async () => {
      const made = createServiceApp(version, { guard });
      const { secret } = await enrollDirectly(made);
      made.clock.advance(400);
      await enrollDirectly(made, "eve");
      const code = wrongCode(made.clock.time, secret);
      expect((await send(made.app, PATHS.transfer, { code })).status).toBe(403);
      expect((await send(made.app, PATHS.transfer)).status).toBe(403);
      expect((await send(made.app, PATHS.transfer, { as: "eve" })).status).toBe(201);
    });

    test("tells the audit log nothing: no code was given", async () => {
      const made = createServiceApp(version, { guard, service: { backupCodes: { count: 1 } } });
      await enrollDirectly(made);
      for (let i = 0; i < 3; i++) {
        expect((await send(made.app, PATHS.transfer)).status).toBe(201);
      }
      expect(made.events).toEqual([]);
    });

    test("trusts no moment in the future, as there is after a clock was set back", async () => {
      const made = createServiceApp(version, { guard });
      await enrollDirectly(made);
      made.clock.advance(-600);
      expect((await send(made.app, PATHS.transfer)).status).toBe(403);
    });

    test("is nothing to a user whose TOTP is off", async () => {
      const made = createServiceApp(version, { guard });
      const { fresh } = await enrollDirectly(made);
      await made.totp.disable("ada", { code: fresh() });
      expect((await send(made.app, PATHS.transfer)).status).toBe(403);
    });
  });
});
