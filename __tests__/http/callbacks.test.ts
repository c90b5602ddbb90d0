import { ObjectId, UUID } from "bson";
import { URI } from "otpauth";
import request from "supertest";
import { createDeferred, settle } from "../helpers/deferred.js";
import { EXPRESS_VERSIONS } from "../helpers/express-versions.js";
import { API_KEY, createSetupApp, SETUP_PATH, type SetupApp } from "../helpers/setup-app.js";
import { forbidUnhandledRejections } from "../helpers/unhandled.js";

forbidUnhandledRejections();

const OBJECT_ID = new ObjectId();
const UUID_OBJECT = new UUID();

class Account {
  // Private state, and an id that is a getter: what ORMs make.
  readonly #id = 42;
  get id() {
    return this.#id;
  }
  get accountName() {
    return `account ${this.#id}`;
  }
}

function setUp({ app }: SetupApp) {
  return request(app).post(SETUP_PATH).set("X-API-Key", API_KEY);
}

describe.each(EXPRESS_VERSIONS)("$name", (version) => {
  describe("authenticate", () => {
    test("is given the key and the request", async () => {
      const authenticate = jest.fn(() => "ada");
      await setUp(createSetupApp(version, { authenticate })).set("X-Tenant", "acme").expect(200);
      expect(authenticate).toHaveBeenCalledTimes(1);
      expect(authenticate).toHaveBeenCalledWith(
        API_KEY,
        expect.objectContaining({ headers: expect.objectContaining({ "x-tenant": "acme" }) }),
      );
    });

    test.each<[string, unknown, unknown, string]>([
      ["a string", "ada", "ada", "ada"],
      ["a string with spaces and dots", " a.d|a ", " a.d|a ", "a.d|a"],
      ["an email address", "ada@example.com", "ada@example.com", "ada@example.com"],
      [
        "a UUID",
        "9e107d9d-372b-4b6d-8a2e-2b5d7f0c1a3f",
        "9e107d9d-372b-4b6d-8a2e-2b5d7f0c1a3f",
        "9e107d9d-372b-4b6d-8a2e-2b5d7f0c1a3f",
      ],
      ["a script other than Latin", "Ада", "Ада", "Ада"],
      ["a number", 7, 7, "7"],
      ["0", 0, 0, "0"],
      ["a negative number", -7, -7, "-7"],
      [
        "the largest safe integer",
        Number.MAX_SAFE_INTEGER,
        Number.MAX_SAFE_INTEGER,
        "9007199254740991",
      ],
      ["a bigint", 9007199254740993n, 9007199254740993n, "9007199254740993"],
      ["a row", { id: 5, email: "ada@example.com" }, 5, "5"],
      ["a row with its own account name", { id: 5, accountName: "Ada" }, 5, "Ada"],
      ["a row whose account name is null", { id: 5, accountName: null }, 5, "5"],
      ["a row without a prototype", Object.assign(Object.create(null), { id: "a" }), "a", "a"],
      ["a row whose id is 0", { id: 0 }, 0, "0"],
      ["an instance of a class", new Account(), 42, "account 42"],
      ["__proto__", "__proto__", "__proto__", "__proto__"],
      ["an ObjectId", OBJECT_ID, OBJECT_ID, String(OBJECT_ID)],
      ["a lean row of Mongoose", { _id: OBJECT_ID, name: "Ada" }, OBJECT_ID, String(OBJECT_ID)],
      ["a UUID object", UUID_OBJECT, UUID_OBJECT, String(UUID_OBJECT)],
    ])("may give %s: the id is handed on as it came", async (_, user, userId, accountName) => {
      for (const authenticate of [() => user, async () => user]) {
        const setup = createSetupApp(version, { authenticate });
        await setUp(setup).expect(200);
        expect(setup.saved).toHaveLength(1);
        expect(setup.saved[0]?.userId).toBe(userId);
        expect(setup.saved[0]?.details.accountName).toBe(accountName);
        expect(setup.events).toMatchObject([{ type: "setup_started", userId }]);
      }
    });

    test.each([
      "__proto__",
      "constructor",
      "toString",
      "hasOwnProperty",
      "a, b",
      "{}",
      "0",
      "null",
    ])("is given the key %s as the plain string that it is", async (apiKey) => {
      const keys: unknown[] = [];
      const setup = createSetupApp(version, { authenticate: (key: string) => keys.push(key) });
      await setUp(setup).set("X-API-Key", apiKey).expect(200);
      expect(keys).toEqual([apiKey]);
    });
  });

  describe("the names", () => {
    const user = { id: 5, name: "Ada", accountName: "own name" };
    const authenticate = () => user;

    test.each([
      ["at once", (given: typeof user) => `${given.name}'s`],
      ["later", async (given: typeof user) => `${given.name}'s`],
    ])("accountName is asked with the user, and may answer %s", async (_, accountName) => {
      const setup = createSetupApp(version, { authenticate, accountName });
      await setUp(setup).expect(200);
      expect(setup.saved[0]?.details.accountName).toBe("Ada's");
    });

    test.each([
      ["at once", (given: unknown, req: { hostname: string }) => given === user && req.hostname],
      [
        "later",
        async (given: unknown, req: { hostname: string }) => given === user && req.hostname,
      ],
    ])("issuer is asked with the user and the request, and may answer %s", async (_, issuer) => {
      const setup = createSetupApp(version, { authenticate, issuer });
      await setUp(setup).set("Host", "acme.example").expect(200);
      expect(setup.saved[0]?.details.issuer).toBe("acme.example");
    });

    test("the option goes before the user's own name, and that before the id", async () => {
      const nameOf = async (options: object) => {
        const setup = createSetupApp(version, options);
        await setUp(setup).expect(200);
        return setup.saved[0]?.details.accountName;
      };
      expect(await nameOf({ authenticate, accountName: () => "option" })).toBe("option");
      expect(await nameOf({ authenticate })).toBe("own name");
      expect(await nameOf({ authenticate: () => ({ id: 5 }) })).toBe("5");
    });

    test("an id with a colon is handed on as it is, whatever the name", async () => {
      const setup = createSetupApp(version, {
        authenticate: () => "urn:user:5",
        accountName: () => "ada",
      });
      await setUp(setup).expect(200);
      expect(setup.saved[0]?.userId).toBe("urn:user:5");
    });
  });

  describe("savePendingSecret", () => {
    test("is given the user's id, the secret, all about it, and the request", async () => {
      const savePendingSecret = jest.fn();
      const setup = createSetupApp(version, {
        savePendingSecret,
        issuer: "Acme",
        accountName: () => "ada@example.com",
        now: () => 1_000_000_000_000.5,
      });
      const { body } = await setUp(setup).expect(200);
      expect(savePendingSecret).toHaveBeenCalledTimes(1);
      const [userId, secret, details, req] = savePendingSecret.mock.calls[0];
      expect([userId, secret]).toEqual(["ada", body.secret]);
      expect(details).toEqual({
        issuer: "Acme",
        accountName: "ada@example.com",
        algorithm: "SHA1",
        digits: 6,
        period: 30,
        otpauthUri: `otpauth://totp/Acme:ada%40example.com?secret=${body.secret}&issuer=Acme`,
        expiresAt: new Date(1_000_000_600_000),
      });
      expect(req.path).toBe(SETUP_PATH);
    });

    test("is told of other parameters, which the QR code says too", async () => {
      const warn = jest.spyOn(process, "emitWarning").mockReturnValue();
      const setup = createSetupApp(version, {
        algorithm: "SHA512",
        digits: 8,
        period: 60,
        secretBytes: 64,
        pendingSeconds: 1,
        now: () => new Date(0),
      });
      warn.mockRestore();
      const { body } = await setUp(setup).expect(200);
      const parameters = { algorithm: "SHA512", digits: 8, period: 60 };
      expect(setup.saved[0]?.details).toMatchObject({
        ...parameters,
        issuer: undefined,
        expiresAt: new Date(1000),
      });
      expect(URI.parse(body.qr_code_url)).toMatchObject(parameters);
      expect(body.secret).toMatch(/^[A-Z2-7]{103}$/);
    });

    test("may change what it is given about the secret", async () => {
      const setup = createSetupApp(version, {
        savePendingSecret: (_: unknown, __: string, details: Record<string, unknown>) => {
          for (const key of Object.keys(details)) delete details[key];
        },
        now: () => 0,
      });
      const { body } = await setUp(setup).expect(200);
      expect(body.qr_code_url).toBe(`otpauth://totp/ada?secret=${body.secret}`);
      expect(setup.events).toMatchObject([{ expiresAt: new Date(600_000) }]);
    });

    test.each([
      ["nothing", () => {}],
      ["false", () => false],
      ["a row", () => ({ id: 5 })],
      ["a promise of null", async () => null],
    ])("may give back %s: only its failure counts", async (_, savePendingSecret) => {
      await setUp(createSetupApp(version, { savePendingSecret })).expect(200);
    });

    test("runs once where it gives back a query builder, which runs its query at `then`", async () => {
      let queries = 0;
      const query = (answer: unknown) => ({
        // biome-ignore lint/suspicious/noThenProperty: this is what query builders are
        then: (fulfilled: (value: unknown) => void) => {
          queries += 1;
          fulfilled(answer);
        },
      });
      const setup = createSetupApp(version, {
        authenticate: () => query({ id: 5 }),
        accountName: () => query("ada"),
        issuer: () => query("Acme"),
        savePendingSecret: () => query(undefined),
        qrCode: () => query("https://qr.example/"),
      });
      await setUp(setup).expect(200);
      expect(queries).toBe(5);
    });
  });

  describe("saving and drawing", () => {
    function createDeferredSetup() {
      const order: string[] = [];
      const saving = createDeferred();
      const drawing = createDeferred<string>();
      const started = createDeferred();
      const setup = createSetupApp(version, {
        savePendingSecret: () => {
          order.push("save");
          return saving.promise;
        },
        qrCode: () => {
          order.push("draw");
          started.resolve();
          return drawing.promise;
        },
      });
      let hasResponded = false;
      const answer = setUp(setup).then((res) => {
        hasResponded = true;
        return res;
      });
      return {
        ...setup,
        order,
        saving,
        drawing,
        started,
        answer,
        hasResponded: () => hasResponded,
      };
    }

    test("go side by side: the drawing begins while the store has not answered", async () => {
      const { order, saving, drawing, started, answer } = createDeferredSetup();
      await started.promise;
      expect(order).toEqual(["save", "draw"]);
      saving.resolve();
      drawing.resolve("https://qr.example/");
      expect((await answer).status).toBe(200);
    });

    test("are both waited for, whichever is the last", async () => {
      for (const last of ["saving", "drawing"] as const) {
        const { saving, drawing, started, answer, hasResponded, events } = createDeferredSetup();
        await started.promise;
        if (last === "saving") drawing.resolve("https://qr.example/");
        else saving.resolve();
        await settle();
        expect([hasResponded(), events]).toEqual([false, []]);
        if (last === "saving") saving.resolve();
        else drawing.resolve("https://qr.example/");
        const res = await answer;
        expect([res.status, res.body.qr_code_url]).toEqual([200, "https://qr.example/"]);
        expect(events).toHaveLength(1);
      }
    });

    test("nothing of the secret is answered when saving fails, before or after the drawing", async () => {
      for (const isRendered of [true, false]) {
        const { saving, drawing, started, answer, events, errors } = createDeferredSetup();
        await started.promise;
        if (isRendered) drawing.resolve("https://qr.example/");
        saving.reject(new Error("disk full"));
        const res = await answer;
        expect([res.status, res.text]).toEqual([
          500,
          '{"code":500,"error":"Internal Server Error"}',
        ]);
        drawing.resolve("too late");
        await settle();
        expect(errors).toEqual([new Error("disk full")]);
        expect(events).toEqual([]);
      }
    });

    test("when both fail, one answer is given and neither failure goes unhandled", async () => {
      const { saving, drawing, started, answer, errors } = createDeferredSetup();
      await started.promise;
      saving.reject(new Error("disk full"));
      drawing.reject(new Error("no ink"));
      expect((await answer).status).toBe(500);
      await settle();
      expect(errors).toEqual([new Error("disk full")]);
    });
  });

  test("the event tells who, when and until when, and comes after the answer was given", async () => {
    const { app, events } = createSetupApp(version, { now: () => 59_000, pendingSeconds: 60 });
    await request(app).post(SETUP_PATH).set("X-API-Key", API_KEY).expect(200);
    expect(events).toEqual([
      {
        type: "setup_started",
        userId: "ada",
        by: "user",
        at: new Date(59_000),
        expiresAt: new Date(119_000),
      },
    ]);
  });
});
