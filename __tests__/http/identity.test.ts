import type { Request, RequestHandler } from "express";
import session from "express-session";
import { requireTotp, TotpConfigError } from "express-totp-setup";
import jwt from "jsonwebtoken";
import passport from "passport";
import { Strategy as LocalStrategy } from "passport-local";
import request from "supertest";
import { createTotpRouter, createTotpSetupRouter } from "../../lib/index.js";
import { EXPRESS_VERSIONS, type ExpressVersion } from "../helpers/express-versions.js";
import { AT, createIdentityApp, enrollUser, type IdentityApp } from "../helpers/identity-app.js";
import { codeAt, createRig, wrongCode } from "../helpers/service.js";
import { thrownBy } from "../helpers/thrown-by.js";
import { forbidUnhandledRejections } from "../helpers/unhandled.js";

forbidUnhandledRejections();

interface Row {
  id: string;
  email: string;
}

const ADA: Row = { id: "ada", email: "ada@example.com" };
const NOBODY = { code: 401, details: "Nobody is signed in", error: "Unauthorized" };

/** An app's own way to sign in: what it mounts, how the library asks it, and what a client sends then. */
interface SignIn {
  before: (version: ExpressVersion) => RequestHandler[];
  getUser: (req: Request) => unknown;
  signIn: (made: IdentityApp) => Promise<Record<string, string>>;
}

const newSession = () => session({ secret: "s", resave: false, saveUninitialized: false });

async function cookieOf(made: IdentityApp): Promise<Record<string, string>> {
  const res = await request(made.app).post("/sign-in").send({ username: "ada", password: "right" });
  return { Cookie: String(res.get("Set-Cookie")?.[0]).split(";")[0] as string };
}

const SIGN_INS: Record<string, SignIn> = {
  "express-session": {
    before: () => [
      newSession(),
      (req, res, next) => {
        if (req.path !== "/sign-in") return next();
        Object.assign(req.session, { user: ADA });
        res.sendStatus(204);
      },
    ],
    getUser: (req) => (req.session as { user?: Row }).user,
    signIn: cookieOf,
  },
  Passport: {
    before: ({ express }) => {
      const own = new passport.Passport();
      own.use(
        new LocalStrategy((_name, password, done) => done(null, password === "right" && ADA)),
      );
      own.serializeUser<string>((user, done) => done(null, (user as Row).id));
      own.deserializeUser<string>((id, done) => done(null, id === ADA.id ? ADA : false));
      const signIn = own.authenticate("local");
      return [
        newSession(),
        own.initialize() as RequestHandler,
        own.session(),
        (req, res, next) => {
          if (req.path !== "/sign-in") return next();
          express.json()(req, res, () => signIn(req, res, () => res.sendStatus(204)));
        },
      ];
    },
    getUser: (req) => req.user,
    signIn: cookieOf,
  },
  "a JWT middleware": {
    before: () => [
      (req, _res, next) => {
        const [, token] = /^Bearer (.+)$/.exec(req.headers.authorization ?? "") ?? [];
        try {
          Object.assign(req, {
            auth: token && jwt.verify(token, "key", { algorithms: ["HS256"] }),
          });
          next();
        } catch {
          next();
        }
      },
    ],
    getUser: async (req) => (req as { auth?: { sub: string } }).auth?.sub,
    signIn: async () => ({ Authorization: `Bearer ${jwt.sign({ sub: "ada" }, "key")}` }),
  },
};

describe.each(EXPRESS_VERSIONS)("$name", (version) => {
  describe.each(Object.entries(SIGN_INS))("%s", (_, { before, getUser, signIn }) => {
    const create = () =>
      createIdentityApp(version, {
        identity: { getUser },
        before: (app) => app.use(...(before(version) as [RequestHandler])),
      });

    test("identifies the user on every route, on the setup router and to the guard", async () => {
      const made = create();
      const headers = await signIn(made);
      const alone = await request(made.app).post(AT.setupAlone).set(headers);
      expect([alone.status, made.saved]).toEqual([200, ["ada"]]);
      const setup = await request(made.app).post(AT.setup).set(headers);
      const code = () => codeAt(setup.body.secret, made.clock.time);
      await request(made.app).post(AT.verify).set(headers).send({ code: code() }).expect(200);
      const status = await request(made.app).get(AT.status).set(headers);
      expect(status.body.is_setup).toBe(true);
      made.clock.advance(30);
      await request(made.app).post(AT.transfers).set(headers).expect(403);
      await request(made.app)
        .post(AT.transfers)
        .set(headers)
        .set("X-TOTP-Code", code())
        .expect(201);
      const verifiedAt = new Date(made.clock.time);
      expect(made.transfers).toEqual([{ userId: "ada", method: "totp", verifiedAt }]);
      await request(made.app).get(AT.devices).set(headers).expect(200);
      made.clock.advance(30);
      await request(made.app).delete(AT.delete).set(headers).set("X-TOTP-Code", code()).expect(200);
      expect(await made.totp.status("ada")).toMatchObject({ isEnabled: false });
      expect(made.errors).toEqual([]);
    });

    test("who is not signed in is a 401 everywhere, with three keys and an event", async () => {
      const made = create();
      const calls = [
        () => request(made.app).post(AT.setup),
        () => request(made.app).post(AT.verify).send({ code: "123456" }),
        () => request(made.app).get(AT.status),
        () => request(made.app).delete(AT.delete),
        () => request(made.app).post(AT.regenerate),
        () => request(made.app).get(AT.devices),
        () => request(made.app).delete(`${AT.devices}/1`),
        () => request(made.app).post(AT.transfers),
        () => request(made.app).get(AT.transfers),
      ];
      for (const call of calls) {
        const res = await call().set("X-API-Key", "ada").set("X-TOTP-Code", "123456");
        expect([res.status, res.text]).toEqual([401, JSON.stringify(NOBODY)]);
      }
      expect(made.events.map(({ type }) => type)).toEqual(Array(9).fill("unauthenticated"));
      expect((await request(made.app).post(AT.setupAlone)).text).toBe(JSON.stringify(NOBODY));
      expect([made.saved, made.transfers, made.errors]).toEqual([[], [], []]);
    });
  });

  test.each([[null], [undefined], [false]])(
    "getUser that returns %p means that nobody is signed in",
    async (user) => {
      for (const getUser of [() => user, async () => user]) {
        const made = createIdentityApp(version, { identity: { getUser } });
        await request(made.app).get(AT.status).expect(401);
      }
    },
  );

  test.each<[string, unknown]>([
    ["true", true],
    ["an empty text", ""],
    ["a list", ["ada"]],
    ["an object without an id", { name: "ada" }],
    ["NaN", Number.NaN],
    ["a fraction", 1.5],
    ["a text with a control character", "ada\n"],
  ])("%s is no user: a 500, and the cause goes to onError", async (_, user) => {
    const made = createIdentityApp(version, { identity: { getUser: () => user } });
    for (const path of [AT.setup, AT.setupAlone, AT.transfers]) {
      const res = await request(made.app).post(path);
      expect([res.status, res.body]).toEqual([500, { code: 500, error: "Internal Server Error" }]);
    }
    expect(made.errors.map(String)).toEqual(Array(3).fill(expect.stringContaining("getUser")));
  });

  test('0 is a user, and 1 is another one than "1" in what is kept of a request', async () => {
    for (const userId of [0, 1, "1"]) {
      const made = createIdentityApp(version, { identity: { getUser: () => userId } });
      const { fresh } = await enrollUser(made, userId);
      await request(made.app).post(AT.transfers).set("X-TOTP-Code", fresh()).expect(201);
      expect((made.transfers[0] as { userId: unknown }).userId).toBe(userId);
    }
  });

  test("getUser that throws, or never answers, lets nobody through", async () => {
    const failing = createIdentityApp(version, {
      identity: {
        getUser: async () => {
          throw new Error("the session store is down");
        },
      },
    });
    expect((await request(failing.app).post(AT.transfers)).status).toBe(500);
    const slow = createIdentityApp(version, {
      identity: { getUser: () => new Promise(() => {}) },
      service: { timeoutMs: 5 },
    });
    expect((await request(slow.app).post(AT.transfers)).status).toBe(503);
    expect([failing.transfers, slow.transfers]).toEqual([[], []]);
  });
});

describe("options", () => {
  const { totp } = createRig();
  const [authenticate, getUser] = [() => null, () => null];
  const savePendingSecret = () => {};
  const factories: [string, (identity: object) => unknown][] = [
    [
      "createTotpSetupRouter",
      (identity) => createTotpSetupRouter({ savePendingSecret, ...identity }),
    ],
    [
      "createTotpRouter",
      (identity) => createTotpRouter({ totp, authorizeSetup: "any-session", ...identity }),
    ],
    ["requireTotp", (identity) => requireTotp({ totp, ...identity })],
  ];

  describe.each(factories)("%s", (_, create) => {
    test.each<[string, object, string[]]>([
      ["both", { authenticate, getUser }, ["getUser", "because authenticate is set"]],
      ["neither", {}, ["authenticate", "getUser(req)"]],
      [
        "authenticate that is undefined",
        { authenticate: undefined },
        ["authenticate", "getUser(req)"],
      ],
      ["getUser that is a user", { getUser: "ada" }, ["getUser", "(req) => user or null"]],
      ["getUser that is null", { getUser: null }, ["getUser", "(req) => user or null"]],
      ["getUserId", { getUserId: () => "ada" }, ["getUserId", "Did you mean getUser?"]],
      ["the header Cookie", { authenticate, apiKeyHeader: "Cookie" }, ["apiKeyHeader", "getUser"]],
      ["the header cookie", { authenticate, apiKeyHeader: "cookie" }, ["apiKeyHeader", "getUser"]],
    ])("%s is an error that says what to do", (_what, identity, parts) => {
      const error = thrownBy(() => create(identity));
      expect(error.name).toBe(TotpConfigError.name);
      for (const part of parts) expect(error.message).toContain(part);
    });

    test("one of them is enough", () => {
      create({ authenticate });
      create({ getUser });
      create({ getUser, authenticate: undefined });
    });

    test.each<[string, unknown]>([
      ["a text", "https://app.example"],
      ["an object", { origin: "https://app.example" }],
      ["a pattern", [/app/]],
      ["the wildcard", ["*"]],
      ["a wildcard host", ["https://*.example"]],
      ["null, which any sandbox sends", ["null"]],
      ["an empty text", [""]],
      ["a host alone", ["app.example"]],
      ["a slash at the end", ["https://app.example/"]],
      ["a path", ["https://app.example/app"]],
      ["a query", ["https://app.example?a"]],
      ["a user", ["https://ada@app.example"]],
      ["a default port, which browsers leave out", ["https://app.example:443"]],
      ["upper case, which browsers do not send", ["https://App.example"]],
      ["another script, which browsers encode", ["https://äpp.example"]],
      ["no host", ["https://"]],
      ["white space", [" https://app.example"]],
      ["one good and one bad", ["https://app.example", "bad"]],
    ])("trustedOrigins: %s is refused", (_what, trustedOrigins) => {
      const error = thrownBy(() => create({ getUser, trustedOrigins }));
      expect([error.name, error.message]).toEqual([
        TotpConfigError.name,
        expect.stringContaining("trustedOrigins"),
      ]);
    });

    test("trustedOrigins: origins as browsers and apps send them", () => {
      const origins = ["https://app.example", "http://localhost:8080", "http://[::1]:3000"];
      create({ getUser, trustedOrigins: [] });
      create({
        getUser,
        trustedOrigins: [...origins, "capacitor://localhost", "https://xn--pp-yia.example"],
      });
    });
  });

  test("trustedOrigins cannot be changed afterwards", async () => {
    const trustedOrigins: string[] = [];
    const made = createIdentityApp(EXPRESS_VERSIONS[0] as ExpressVersion, {
      identity: { getUser: () => "ada", trustedOrigins },
    });
    trustedOrigins.push("https://evil.example");
    await request(made.app).post(AT.setup).set("Origin", "https://evil.example").expect(403);
  });
});

describe("authorizeSetup", () => {
  const [version] = EXPRESS_VERSIONS as [ExpressVersion];
  const { totp } = createRig();
  const getUser = () => "ada";

  test("is required with getUser, and optional with authenticate", () => {
    const error = thrownBy(() => createTotpRouter({ totp, getUser }));
    expect(error.name).toBe(TotpConfigError.name);
    expect(error.message).toContain("authorizeSetup");
    expect(error.message).toContain('"any-session"');
    createTotpRouter({ totp, authenticate: () => "ada" });
  });

  test.each([[true], [false], [null], ["any"], ["any-key"], [{}], [1]])(
    "%p is refused",
    (authorizeSetup) => {
      const options = { totp, getUser, authorizeSetup } as unknown as Parameters<
        typeof createTotpRouter
      >[0];
      expect(() => createTotpRouter(options)).toThrow("authorizeSetup");
    },
  );

  const setup = (made: IdentityApp, code?: string) => {
    const call = request(made.app).post(AT.setup);
    return code === undefined ? call : call.set("X-TOTP-Code", code);
  };
  const create = (authorizeSetup: unknown, identity: object = { getUser }) =>
    createIdentityApp(version, {
      identity,
      router: { authorizeSetup },
      exceptions: { thrown: [418] },
    });

  test.each<[string, unknown]>([
    ["true", () => true],
    ["a promise of true", async () => true],
    ["any-session", "any-session"],
  ])("%s allows", async (_, authorizeSetup) => {
    expect((await setup(create(authorizeSetup))).status).toBe(200);
  });

  test.each<[string, unknown]>([
    ["false", () => false],
    ["a promise of false", async () => false],
    ["a forgotten return", () => {}],
    ["a forgotten return of an async function", async () => {}],
    ["null", () => null],
    ["1", () => 1],
    ["a text", () => "true"],
    ["a truthy object", () => ({ allowed: false })],
    ["a Boolean object", () => Object(true)],
    ["a promise of a truthy object", async () => ({})],
    ["a function", () => () => true],
    ["a list", () => [true]],
  ])("%s does not allow", async (_, authorizeSetup) => {
    for (const identity of [{ getUser }, { authenticate: getUser }]) {
      const made = create(authorizeSetup, identity);
      const res = await setup(made).set("X-API-Key", "key");
      expect([res.status, res.body]).toEqual([
        403,
        {
          code: 403,
          details: "Setting up TOTP is not allowed now; sign in again, then retry",
          error: "Forbidden",
          reason: "not_authorized",
        },
      ]);
      expect(await made.store.get("ada")).toBeUndefined();
      expect(made.events).toEqual([]);
    }
  });

  test.each<[string, unknown, number]>([
    ["a rejected promise", () => Promise.reject(new Error("down")), 500],
    [
      "a thrown error",
      () => {
        throw new Error("down");
      },
      500,
    ],
    [
      "an error with a status",
      () => Promise.reject(Object.assign(new Error(), { status: 418 })),
      418,
    ],
  ])("%s does not allow", async (_, authorizeSetup, status) => {
    const made = create(authorizeSetup);
    expect((await setup(made)).status).toBe(status);
    expect(await made.store.get("ada")).toBeUndefined();
  });

  test("that never answers does not allow", async () => {
    const made = createIdentityApp(version, {
      identity: { getUser },
      router: { authorizeSetup: () => new Promise(() => {}) },
      service: { timeoutMs: 5 },
    });
    expect((await setup(made)).status).toBe(503);
    expect(await made.store.get("ada")).toBeUndefined();
  });

  test("is called with the user as getUser gave it, and the request", async () => {
    const authorizeSetup = jest.fn(() => true);
    await setup(create(authorizeSetup, { getUser: () => ADA }));
    expect(authorizeSetup.mock.calls).toEqual([[ADA, expect.objectContaining({ method: "POST" })]]);
  });

  test("with TOTP on, it is a proof that counts, whatever it says", async () => {
    for (const allows of [true, false]) {
      const made = create(() => allows);
      const { secret, fresh, backupCodes } = await enrollUser(made);
      expect((await setup(made)).body.reason).toBe("code_required");
      const wrong = await setup(made, wrongCode(made.clock.time, secret));
      expect([wrong.status, wrong.body.reason]).toEqual([403, "wrong_code"]);
      expect(JSON.stringify(await made.store.get("ada"))).not.toContain("pending");
      expect((await setup(made, fresh())).status).toBe(200);
      expect((await setup(made, backupCodes[0])).status).toBe(200);
    }
  });
});
