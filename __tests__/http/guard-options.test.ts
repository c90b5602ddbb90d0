// What an app can change of the guard opens it only where that is meant.
import type { Request } from "express";
import { EXPRESS_VERSIONS } from "../helpers/express-versions.js";
import { begin, threeCodes, wrongCode } from "../helpers/service.js";
import { createServiceApp, enrollDirectly, PATHS, send } from "../helpers/service-app.js";
import { forbidUnhandledRejections } from "../helpers/unhandled.js";

forbidUnhandledRejections();

const down = new Error("down");

describe.each(EXPRESS_VERSIONS)("$name", (version) => {
  describe("getCode", () => {
    const create = (getCode: unknown) => createServiceApp(version, { guard: { getCode } });

    test.each([
      ["at once", (req: Request) => req.get("X-Code")],
      ["later", async (req: Request) => req.get("X-Code")],
    ])("reads the code from where the app has it, %s", async (_, getCode) => {
      const made = create(getCode);
      const { secret, fresh } = await enrollDirectly(made);
      const transfer = (code: string) =>
        send(made.app, PATHS.transfer, { headers: { "X-Code": code } });
      expect((await transfer(wrongCode(made.clock.time, secret))).body.reason).toBe("wrong_code");
      expect((await transfer(fresh())).status).toBe(201);
      // The header of before is no code any more.
      made.clock.advance(30);
      const { body } = await send(made.app, PATHS.transfer, { code: fresh() });
      expect(body.reason).toBe("code_required");
    });

    test.each([undefined, null, ""])("that returns %j has found none", async (code) => {
      const made = create(() => code);
      const { fresh } = await enrollDirectly(made);
      const res = await send(made.app, PATHS.transfer, { code: fresh() });
      expect([res.status, res.body.reason]).toEqual([403, "code_required"]);
      expect(made.transfers).toBe(0);
    });

    test.each<[string, unknown, string]>([
      ["a number", 123_456, "an integer of 6 digits"],
      ["true", true, "true (boolean)"],
      ["false", false, "false (boolean)"],
      ["a list, as of a query", ["123456"], "an array of 1 elements"],
      ["an object", { code: "123456" }, "an object with the keys code"],
      ["a symbol", Symbol("code"), "a symbol"],
    ])("that returns %s is the app's mistake", async (_, code, got) => {
      for (const getCode of [() => code, async () => code]) {
        const made = create(getCode);
        await enrollDirectly(made);
        const res = await send(made.app, PATHS.transfer);
        expect([res.status, res.text]).toEqual([
          500,
          '{"code":500,"error":"Internal Server Error"}',
        ]);
        expect(made.errors).toMatchObject([
          { callback: "getCode", expected: "a string, or undefined", got },
        ]);
        expect(made.transfers).toBe(0);
      }
    });

    test.each<[string, () => unknown, number]>([
      [
        "throws",
        () => {
          throw down;
        },
        500,
      ],
      ["rejects", () => Promise.reject(down), 500],
      ["hangs", () => new Promise(() => {}), 503],
    ])("that %s lets nobody through", async (_, getCode, status) => {
      const made = createServiceApp(version, { service: { timeoutMs: 50 }, guard: { getCode } });
      expect((await send(made.app, PATHS.transfer)).status).toBe(status);
      expect([made.transfers, made.errors.length]).toEqual([0, 1]);
    });
  });

  describe("whenNotEnabled", () => {
    const create = (whenNotEnabled: unknown) =>
      createServiceApp(version, { service: { timeoutMs: 50 }, guard: { whenNotEnabled } });
    const REFUSED =
      '{"code":403,"details":"TOTP is not set up; set it up first","error":"Forbidden","reason":"not_enabled"}';

    test.each<[string, unknown, number]>([
      ["by default", undefined, 403],
      ["refuse", "refuse", 403],
      ["allow", "allow", 201],
      ["a function that refuses", () => "refuse", 403],
      ["a function that allows", () => "allow", 201],
      ["a promise that refuses", async () => "refuse", 403],
      ["a promise that allows", async () => "allow", 201],
    ])("%s, with a code and without one", async (_, whenNotEnabled, status) => {
      const made = create(whenNotEnabled);
      // A pending setup is none that is on.
      await begin(made, "ada");
      for (const code of [undefined, "", "123456", "no code"]) {
        const res = await send(made.app, PATHS.transfer, { code });
        expect(res.status).toBe(status);
        if (status === 403) expect(res.text).toBe(REFUSED);
      }
      expect(made.verifications).toEqual(status === 201 ? Array(4).fill(undefined) : []);
    });

    test("is called with the user and the request, and not for one whose TOTP is on", async () => {
      const asked: unknown[] = [];
      const made = createServiceApp(version, {
        guard: {
          authenticate: () => ({ id: "ada", role: "admin" }),
          whenNotEnabled: (user: unknown, req: Request) => {
            asked.push([user, req.path]);
            return "allow";
          },
        },
      });
      expect((await send(made.app, PATHS.transfer)).status).toBe(201);
      expect(asked).toEqual([[{ id: "ada", role: "admin" }, PATHS.transfer]]);
      await enrollDirectly(made);
      expect((await send(made.app, PATHS.transfer)).body.reason).toBe("code_required");
      expect((await send(made.app, PATHS.transfer, { code: "123" })).body.reason).toBe(
        "malformed_code",
      );
      expect(asked).toHaveLength(1);
    });

    test.each<[string, unknown]>([
      ["true", true],
      ["false", false],
      ["nothing", undefined],
      ["null", null],
      ["Allow", "Allow"],
      ["a list", ["allow"]],
      ["a text of its own", Object("allow")],
    ])("anything else is the app's mistake: %s", async (_, decision) => {
      for (const decide of [() => decision, async () => decision]) {
        const made = create(decide);
        expect((await send(made.app, PATHS.transfer)).status).toBe(500);
        expect(made.errors).toMatchObject([
          { callback: "whenNotEnabled", expected: '"refuse" or "allow"' },
        ]);
        expect(made.transfers).toBe(0);
      }
    });

    test.each<[string, () => unknown, number]>([
      ["rejects", () => Promise.reject(down), 500],
      ["hangs", () => new Promise(() => {}), 503],
    ])("one that %s lets nobody through", async (_, decide, status) => {
      const made = create(decide);
      expect((await send(made.app, PATHS.transfer)).status).toBe(status);
      expect(made.transfers).toBe(0);
    });
  });

  describe("req.totp", () => {
    test("has who, how and when", async () => {
      const made = createServiceApp(version, {
        guard: { authenticate: () => ({ id: "ada", role: "admin" }) },
      });
      const { secret, fresh, backupCodes } = await enrollDirectly(made);
      const verifiedAt = new Date(made.clock.time);
      await send(made.app, PATHS.transfer, { code: fresh() });
      await send(made.app, PATHS.transfer, { code: backupCodes[0] ?? "" });
      made.clock.advance(120);
      await send(made.app, PATHS.transfer, { code: threeCodes(secret, made.clock.time) });
      expect(made.verifications).toEqual([
        { userId: "ada", method: "totp", verifiedAt },
        { userId: "ada", method: "backup_code", verifiedAt },
        { userId: "ada", method: "three_codes", verifiedAt: new Date(made.clock.time) },
      ]);
    });

    test("has the id as the app gave it", async () => {
      const made = createServiceApp(version, { guard: { authenticate: () => ({ id: 7 }) } });
      const { fresh } = await enrollDirectly(made, "7");
      await send(made.app, PATHS.transfer, { code: fresh() });
      expect(made.verifications).toMatchObject([{ userId: 7 }]);
    });

    test("is not what another middleware put there", async () => {
      const made = createServiceApp(version, {
        guard: { whenNotEnabled: "allow" },
        before: (app) =>
          app.use((req, _res, next) => {
            Object.assign(req, { totp: { userId: "eve", verifiedAt: new Date() } });
            next();
          }),
      });
      await send(made.app, PATHS.transfer);
      expect(made.verifications).toEqual([undefined]);
    });
  });
});
