// A session is fresh after its own user's code, for a while, and no other session ever is.
import type { Express, Request } from "express";
import session from "express-session";
import { TRUSTED } from "express-totp-setup";
import request from "supertest";
import { EXPRESS_VERSIONS, type ExpressVersion } from "../helpers/express-versions.js";
import { codeAt, wrongCode } from "../helpers/service.js";
import {
  createServiceApp,
  enrollDirectly,
  PATHS,
  type ServiceApp,
  type ServiceAppOptions,
} from "../helpers/service-app.js";
import { forbidUnhandledRejections } from "../helpers/unhandled.js";

forbidUnhandledRejections();

type Session = session.Session & { user?: string | number };
type Signed = Request & { session: Session };

const NOT_FRESH = "code_required";
const getUser = (req: Request) => {
  const { user } = (req as Signed).session;
  return req.get("X-As-Text") ? String(user) : user;
};
const authorizeSetup = "any-session";

/** An app with the sessions of express-session, whose users sign in with their name alone. */
function createApp(
  { lib, ...version }: ExpressVersion,
  { router, service }: ServiceAppOptions = {},
  addRoutes?: (app: Express) => void,
): ServiceApp {
  const freshness = lib.sessionFreshness({ maxAgeSeconds: 300 });
  const byUser = { authenticate: undefined, getUser, freshness };
  return createServiceApp(
    { lib, ...version },
    {
      ...(service && { service }),
      router: { ...byUser, authorizeSetup, resolveLoginSession: undefined, ...router },
      guard: byUser,
      before: (app) => {
        app.use(session({ secret: "test", resave: false, saveUninitialized: false }));
        app.post("/sign-in/:user", (req, res) => {
          const { user } = req.params;
          (req as unknown as Signed).session.user = /^\d+$/.test(user) ? Number(user) : user;
          res.end();
        });
        addRoutes?.(app);
      },
    },
  );
}

const regenerate = async ({ req, userId }: { req: Signed; userId: string }) => {
  await new Promise<void>((resolve, reject) =>
    req.session.regenerate((error) => (error ? reject(error) : resolve())),
  );
  req.session.user = userId;
};

/** A browser, with the cookies of its own session. */
async function open({ app }: ServiceApp, user?: string) {
  const agent = request.agent(app);
  if (user !== undefined) await agent.post(`/sign-in/${user}`);
  return {
    agent,
    stepUp: (code: string) => agent.post(PATHS.stepUp).send({ code }),
    /** The reason for which the app's own route is closed, or 201. */
    transfer: async () => {
      const { status, body } = await agent.post(PATHS.transfer);
      return status === 201 ? status : body.reason;
    },
  };
}

/** A browser whose session has just given a code, which is used up by that. */
async function openFresh(version: ExpressVersion) {
  const made = createApp(version);
  const { secret, fresh } = await enrollDirectly(made);
  const browser = await open(made, "ada");
  await browser.stepUp(fresh()).expect(204);
  expect(await browser.transfer()).toBe(201);
  return { made, ...browser, secret, fresh };
}

describe.each(EXPRESS_VERSIONS)("$name", (version) => {
  test("a step-up makes its session fresh, and says nothing else", async () => {
    const made = createApp(version);
    const { fresh } = await enrollDirectly(made);
    const { stepUp, transfer } = await open(made, "ada");
    expect(await transfer()).toBe(NOT_FRESH);
    const res = await stepUp(fresh());
    expect([res.status, res.text, res.get("Cache-Control")]).toEqual([204, "", "no-store"]);
    made.events.length = 0;
    expect([await transfer(), await transfer()]).toEqual([201, 201]);
    // No code was given for these: `req.totp` names none, nor does the audit log.
    const verification = { userId: "ada", verifiedAt: new Date(made.clock.time) };
    expect(made.verifications).toEqual([verification, verification]);
    expect([made.events, made.errors]).toEqual([[], []]);
  });

  test("a wrong code does not, and signs nobody out", async () => {
    const made = createApp(version);
    const { secret, fresh } = await enrollDirectly(made);
    const { stepUp, transfer } = await open(made, "ada");
    const wrong = await stepUp(wrongCode(made.clock.time, secret));
    expect([wrong.status, wrong.text]).toEqual([
      422,
      '{"code":422,"details":"The code is wrong or was used already","error":"Unprocessable Entity","reason":"wrong_code"}',
    ]);
    expect(await transfer()).toBe(NOT_FRESH);
    await stepUp(fresh()).expect(204);
    await stepUp(fresh()).expect(422);
    expect(await transfer()).toBe(201);
  });

  test("nobody steps up without being signed in", async () => {
    const made = createApp(version);
    const { fresh } = await enrollDirectly(made);
    const { stepUp } = await open(made);
    await stepUp(fresh()).expect(401);
    expect((await made.totp.verify("ada", fresh())).ok).toBe(true);
  });

  test("it lasts as long as the option says, to the millisecond", async () => {
    const { made, transfer } = await openFresh(version);
    made.clock.advance(300);
    expect(await transfer()).toBe(201);
    made.clock.advance(0.001);
    expect(await transfer()).toBe(NOT_FRESH);
  });

  test.each([
    ["as it is", undefined],
    ["that issueTokens regenerates", regenerate],
  ])(
    "a confirmation makes the session fresh, %s: no second code is waited for",
    async (_, issueTokens) => {
      const made = createApp(version, { router: { issueTokens } });
      const { agent, transfer } = await open(made, "ada");
      const { secret } = (await agent.post(PATHS.setup)).body;
      const code = codeAt(secret, made.clock.time);
      const res = await agent.post(PATHS.verify).send({ code }).expect(200);
      expect(res.get("Set-Cookie") !== undefined).toBe(issueTokens !== undefined);
      expect(await transfer()).toBe(201);
      expect(made.errors).toEqual([]);
    },
  );

  test("a login makes the session fresh that issueTokens began", async () => {
    const made = createApp(version, { router: { issueTokens: regenerate } });
    const { fresh } = await enrollDirectly(made);
    const login = await made.totp.beginLogin("ada");
    if (!login.ok || !login.isRequired) throw new Error("no login");
    const { agent, transfer } = await open(made);
    const body = { session_id: login.sessionId, code: fresh() };
    await agent.post(PATHS.login).send(body).expect(200);
    expect(await transfer()).toBe(201);
  });

  describe("a login of the app's own makes its session fresh by rememberCode", () => {
    const createOwn = () => {
      const freshness = version.lib.sessionFreshness({ maxAgeSeconds: 300 });
      const made: ServiceApp = createApp(version, {}, (app) => {
        app.post("/own-login", async (req, res) => {
          const { session_id, code } = req.query as Record<string, string>;
          const outcome = await made.totp.completeLogin(String(session_id), String(code));
          if (!outcome.ok) return void res.sendStatus(401);
          await regenerate({ req: req as Signed, userId: String(outcome.userId) });
          const { totp } = made;
          await version.lib.rememberCode({ totp, freshness }, req as Request, outcome.userId);
          return void res.sendStatus(204);
        });
        app.post("/remember/:user", async (req, res) => {
          const { totp } = made;
          await version.lib.rememberCode({ totp, freshness }, req as never, req.params.user);
          res.sendStatus(204);
        });
      });
      return made;
    };

    test("for as long as the option says", async () => {
      const made = createOwn();
      const { secret, fresh } = await enrollDirectly(made);
      const login = await made.totp.beginLogin("ada");
      if (!login.ok || !login.isRequired) throw new Error("no login");
      const { agent, transfer } = await open(made);
      const ask = (code: string) =>
        agent.post("/own-login").query({ session_id: login.sessionId, code });
      await ask(wrongCode(made.clock.time, secret)).expect(401);
      await ask(fresh()).expect(204);
      expect(await transfer()).toBe(201);
      made.clock.advance(300.001);
      expect(await transfer()).toBe(NOT_FRESH);
    });

    test("and not while TOTP is off", async () => {
      const made = createOwn();
      const { agent, transfer } = await open(made, "ada");
      await agent.post("/remember/ada").expect(204);
      expect(await transfer()).toBe("not_enabled");
      await enrollDirectly(made);
      expect(await transfer()).toBe(NOT_FRESH);
    });

    test("and names a mistake at once", async () => {
      const { totp } = createOwn();
      const options = { totp, freshness: { maxAgeSeconds: 300 } };
      const remembered = version.lib.rememberCode(options as never, {} as never, "ada");
      await expect(remembered).rejects.toMatchObject({
        name: "TotpConfigError",
        option: "freshness",
      });
      const without = version.lib.rememberCode(undefined as never, {} as never, "ada");
      await expect(without).rejects.toMatchObject({ option: "rememberCode" });
    });
  });

  test("a code for a change, or for the guard, makes no session fresh", async () => {
    const made = createApp(version);
    const { fresh } = await enrollDirectly(made);
    const { agent, transfer } = await open(made, "ada");
    for (const path of [PATHS.regenerate, PATHS.transfer, PATHS.setup]) {
      const { status } = await agent.post(path).set("X-TOTP-Code", fresh());
      expect(status).toBeLessThan(300);
      expect(await transfer()).toBe(NOT_FRESH);
      made.clock.advance(30);
    }
  });

  test("a code that comes all the same is verified", async () => {
    const { made, agent, secret } = await openFresh(version);
    const code = wrongCode(made.clock.time, secret);
    await agent.post(PATHS.transfer).set("X-TOTP-Code", code).expect(403);
  });

  test("another session of the same user is not fresh: a stolen one must not ride on its owner's code", async () => {
    const { made, transfer } = await openFresh(version);
    const thief = await open(made, "ada");
    expect(await thief.transfer()).toBe(NOT_FRESH);
    expect(await transfer()).toBe(201);
  });

  test("another user of the same session is not fresh", async () => {
    const { made, agent, transfer } = await openFresh(version);
    // Enrolled at the same time, so that the users alone differ.
    made.clock.advance(-30);
    await enrollDirectly(made, "eve");
    await agent.post("/sign-in/eve");
    expect(await transfer()).toBe(NOT_FRESH);
  });

  test('the id 1 is the user "1", as a session may keep it', async () => {
    const made = createApp(version);
    const { fresh } = await enrollDirectly(made, "1");
    const { agent, stepUp, transfer } = await open(made, "1");
    await stepUp(fresh()).expect(204);
    expect(await transfer()).toBe(201);
    await agent.post(PATHS.transfer).set("X-As-Text", "yes").expect(201);
  });

  test("a clock that goes back makes nothing fresh", async () => {
    const { made, transfer } = await openFresh(version);
    made.clock.advance(-0.001);
    expect(await transfer()).toBe(NOT_FRESH);
    made.clock.advance(-86_400);
    expect(await transfer()).toBe(NOT_FRESH);
  });

  describe("the end of an enrollment ends it:", () => {
    const enrollAgain = async ({ totp, clock }: ServiceApp) => {
      clock.advance(30);
      const begun = await totp.beginSetup("ada", { proof: TRUSTED });
      if (!begun.ok) throw new Error(begun.reason);
      const confirmed = await totp.confirm("ada", codeAt(begun.secret, clock.time));
      expect(confirmed.ok).toBe(true);
    };

    test("replacing", async () => {
      const { made, transfer } = await openFresh(version);
      await enrollAgain(made);
      expect(await transfer()).toBe(NOT_FRESH);
    });

    test.each(["disable", "reset"] as const)("%s", async (how) => {
      const { made, transfer } = await openFresh(version);
      if (how === "reset") await made.totp.reset("ada");
      else await made.totp.disable("ada", { proof: TRUSTED });
      expect(await transfer()).toBe("not_enabled");
      await enrollAgain(made);
      expect(await transfer()).toBe(NOT_FRESH);
    });
  });

  test("it opens the guard and nothing else", async () => {
    const { agent } = await openFresh(version);
    for (const [method, path] of [
      ["post", PATHS.setup],
      ["delete", PATHS.delete],
      ["post", PATHS.regenerate],
    ] as const) {
      const { status, body } = await agent[method](path);
      expect([status, body.reason]).toEqual([403, "code_required"]);
    }
  });

  describe("an app without a session:", () => {
    const MISTAKE = {
      name: "TotpConfigError",
      option: "freshness",
      expected: "a session in req.session",
      message: expect.stringContaining("Mount express-session first"),
    };

    const create = (before?: (app: Express) => void) => {
      const freshness = version.lib.sessionFreshness({ maxAgeSeconds: 300 });
      return createServiceApp(version, {
        router: { freshness },
        guard: { freshness },
        ...(before && { before }),
      });
    };
    const ask = (made: ServiceApp, path: string) =>
      request(made.app).post(path).set("X-API-Key", "key-of-ada");

    test("the guard lets nobody through, and names the mistake to onError", async () => {
      const made = create();
      await enrollDirectly(made);
      const { status, text } = await ask(made, PATHS.transfer);
      expect([status, text]).toEqual([500, '{"code":500,"error":"Internal Server Error"}']);
      expect([made.transfers, made.errors]).toEqual([0, [expect.objectContaining(MISTAKE)]]);
    });

    test("a session of null is none", async () => {
      const made = create((app) =>
        app.use((req, _res, next) => {
          Object.assign(req, { session: null });
          next();
        }),
      );
      await enrollDirectly(made);
      expect((await ask(made, PATHS.transfer)).status).toBe(500);
      expect(made.errors).toMatchObject([MISTAKE]);
    });

    test("so does the step-up", async () => {
      const made = create();
      const { fresh } = await enrollDirectly(made);
      const { status } = await ask(made, PATHS.stepUp).send({ code: fresh() });
      expect(status).toBe(500);
      expect(made.errors).toMatchObject([MISTAKE]);
    });

    test("a confirmation and a login lose nothing by it", async () => {
      const made = create();
      const { secret } = (await ask(made, PATHS.setup)).body;
      const code = () => codeAt(secret, made.clock.time);
      const confirmed = await ask(made, PATHS.verify).send({ code: code() });
      expect([confirmed.status, confirmed.body.backup_codes.length]).toEqual([200, 3]);
      made.clock.advance(30);
      const body = { session_id: "session-of-ada", code: code() };
      expect((await ask(made, PATHS.login).send(body)).status).toBe(200);
      expect(made.errors).toMatchObject([MISTAKE, MISTAKE]);
    });
  });

  describe("sessions of the app's own", () => {
    const down = new Error("the session store is down");

    async function stepUp(get: () => unknown, set: (req: Request, value: unknown) => unknown) {
      const freshness = version.lib.sessionFreshness({ maxAgeSeconds: 300, get, set });
      const options = { router: { freshness }, guard: { freshness } };
      const made = createServiceApp(version, { ...options, service: { timeoutMs: 50 } });
      const { fresh } = await enrollDirectly(made);
      const ask = (path: string) => request(made.app).post(path).set("X-API-Key", "key-of-ada");
      const stepped = await ask(PATHS.stepUp).send({ code: fresh() });
      const { status } = await ask(PATHS.transfer);
      return { made, stepped: stepped.status, transfer: status };
    }

    test("keep the value wherever they want, also as JSON", async () => {
      let kept = "null";
      const { stepped, transfer, made } = await stepUp(
        () => JSON.parse(kept),
        async (_req, value) => {
          kept = JSON.stringify(value);
        },
      );
      expect([stepped, transfer, made.errors]).toEqual([204, 201, []]);
    });

    test.each<[string, () => unknown, number]>([
      ["rejects", () => Promise.reject(down), 500],
      ["hangs", () => new Promise(() => {}), 503],
    ])("whose set %s is an error of the step-up", async (_, set, status) => {
      const { stepped, transfer, made } = await stepUp(() => undefined, set);
      expect([stepped, transfer, made.errors.length]).toEqual([status, 403, 1]);
      if (status === 503) expect(made.errors).toMatchObject([{ callback: "freshness.set" }]);
    });

    test.each<[string, unknown]>([
      ["nothing", undefined],
      ["true", true],
      ["a text", "fresh"],
      ["the time alone", { verifiedAt: Number.MAX_SAFE_INTEGER }],
      ["a promise", Promise.resolve({})],
      ["an infinite time", { verifiedAt: Number.POSITIVE_INFINITY }],
    ])("whose get returns %s make nothing fresh", async (_, value) => {
      const { transfer, made } = await stepUp(
        () => value,
        () => {},
      );
      expect([transfer, made.transfers]).toEqual([403, 0]);
    });

    test("that keep the time as a text make nothing fresh", async () => {
      let kept: unknown;
      const { transfer } = await stepUp(
        () => kept,
        (_req, value) => {
          const { verifiedAt, ...entry } = value as { verifiedAt: number };
          kept = { ...entry, verifiedAt: String(verifiedAt) };
        },
      );
      expect(transfer).toBe(403);
    });

    test("whose get throws let nobody through", async () => {
      const { transfer, made } = await stepUp(
        () => {
          throw down;
        },
        () => {},
      );
      expect([transfer, made.transfers, made.errors]).toEqual([500, 0, [down]]);
    });
  });
});
