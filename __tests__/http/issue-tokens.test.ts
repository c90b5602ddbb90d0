// A confirmation's backup codes are shown once: no failure of `issueTokens` may keep them from the client.
import type { Response } from "express";
import createHttpError from "http-errors";
import { EXPRESS_VERSIONS } from "../helpers/express-versions.js";
import { codeAt } from "../helpers/service.js";
import {
  createServiceApp,
  enrollDirectly,
  PATHS,
  type ServiceApp,
  send,
  sessionOf,
} from "../helpers/service-app.js";
import { forbidUnhandledRejections } from "../helpers/unhandled.js";

forbidUnhandledRejections();

const BACKUP_CODES = ["", "", ""].fill(expect.stringMatching(/^[0-9A-Z]{4}(-[0-9A-Z]{4}){3}$/));
const down = new Error("the key store is down");
const circular: Record<string, unknown> = {};
circular.self = circular;

const FAILURES: [string, () => unknown, object][] = [
  [
    "throws",
    () => {
      throw down;
    },
    down,
  ],
  ["rejects", () => Promise.reject(down), down],
  ["rejects with an HTTP error", () => Promise.reject(createHttpError(403, "No")), { status: 403 }],
  ["times out", () => new Promise(() => {}), { name: "TotpTimeoutError", callback: "issueTokens" }],
  ["returns a text", () => "token", { name: "TotpCallbackError", callback: "issueTokens" }],
  ["returns a list", async () => ["token"], { name: "TotpCallbackError", callback: "issueTokens" }],
  ["returns false", () => false, { name: "TotpCallbackError", callback: "issueTokens" }],
  ["returns a bigint in a field", () => ({ access_token: 5n }), { name: "TypeError" }],
  ["returns an object in itself", async () => circular, { name: "TypeError" }],
  [
    "returns a field that throws",
    () => ({
      get access_token() {
        throw down;
      },
    }),
    down,
  ],
];

describe.each(EXPRESS_VERSIONS)("$name", (version) => {
  const create = (issueTokens: unknown, more: object = {}) =>
    createServiceApp(version, { service: { timeoutMs: 50 }, router: { issueTokens, ...more } });

  async function confirm(made: ServiceApp) {
    const { secret } = (await send(made.app, PATHS.setup)).body;
    return send(made.app, PATHS.verify, { body: { code: codeAt(secret, made.clock.time) } });
  }

  describe.each(FAILURES)("issueTokens %s", (_, issueTokens, cause) => {
    test("after a confirmation: the backup codes are sent alone, and the cause goes to onError", async () => {
      const made = create(issueTokens);
      const { status, body } = await confirm(made);
      expect([status, body]).toEqual([200, { backup_codes: BACKUP_CODES }]);
      expect(made.errors).toMatchObject([cause]);
      expect((await made.totp.verify("ada", body.backup_codes[0])).ok).toBe(true);
      expect(made.escaped).toEqual([]);
    });

    test("after a login that had to enroll: so too", async () => {
      const made = create(issueTokens, { resolveLoginSession: undefined });
      const login = await made.totp.beginLogin("ada", { mustEnroll: true });
      if (!login.ok || !login.isRequired) throw new Error("no login");
      const { secret } = (await send(made.app, PATHS.setup)).body;
      const code = codeAt(secret, made.clock.time);
      const sent = { session_id: login.sessionId, code };
      const { status, body } = await send(made.app, PATHS.login, { as: null, body: sent });
      expect([status, body]).toEqual([200, { backup_codes: BACKUP_CODES }]);
      expect(made.errors).toMatchObject([cause]);
    });

    test("after another login: nobody is signed in without what the app issues", async () => {
      const made = createServiceApp(version, {
        service: { timeoutMs: 50 },
        router: { issueTokens },
        exceptions: { thrown: [403] },
      });
      const { fresh } = await enrollDirectly(made);
      const sent = { session_id: sessionOf("ada"), code: fresh() };
      const { status, body } = await send(made.app, PATHS.login, { as: null, body: sent });
      expect(status).toBeGreaterThanOrEqual(400);
      expect(body).not.toHaveProperty("access_token");
    });
  });

  test("a field of a type that typed clients fail on is converted, and onError learns of it", async () => {
    const seconds = ["issueTokens: expires_in"];
    const action = ["issueTokens: requires_action"];
    const cases: [object, object, string[]][] = [
      [{ expires_in: 3600, requires_action: "terms" }, {}, []],
      [{ expires_in: 0, requires_action: "" }, {}, []],
      [{ expires_in: 59.9 }, { expires_in: 59 }, seconds],
      [{ expires_in: "3600" }, { expires_in: 3600 }, seconds],
      [{ expires_in: 3600n }, { expires_in: 3600 }, seconds],
      ...["1h", "", " ", null, true, [], {}, Number.NaN, Number.POSITIVE_INFINITY, 1e300].map(
        (expires_in): [object, object, string[]] => [
          { expires_in },
          { expires_in: undefined },
          seconds,
        ],
      ),
      [{ requires_action: true }, { requires_action: "true" }, action],
      [{ requires_action: 5n }, { requires_action: "5" }, action],
      [{ requires_action: ["a", "b"] }, { requires_action: '["a","b"]' }, action],
      [{ requires_action: { type: "a" } }, { requires_action: '{"type":"a"}' }, action],
      [{ requires_action: false }, { requires_action: undefined }, action],
      [{ requires_action: null }, { requires_action: undefined }, action],
      [
        { expires_in: "60", requires_action: 1 },
        { expires_in: 60, requires_action: "1" },
        [...seconds, ...action],
      ],
    ];
    for (const [tokens, changes, callbacks] of cases) {
      const given = { access_token: "a", ...tokens };
      const made = create(() => Object.freeze(given));
      const { body } = await confirm(made);
      const expected = { ...given, ...changes, backup_codes: BACKUP_CODES };
      expect(body).toEqual(expected);
      expect(made.errors.map((error) => Object(error).callback)).toEqual(callbacks);
    }
  });

  test("at a login, such a field does not keep the user from signing in", async () => {
    const made = create(() => ({ access_token: "a", expires_in: "soon", requires_action: null }));
    const { fresh } = await enrollDirectly(made);
    const sent = { session_id: sessionOf("ada"), code: fresh() };
    const { status, body } = await send(made.app, PATHS.login, { as: null, body: sent });
    expect([status, body]).toEqual([200, { access_token: "a" }]);
    expect(made.errors).toMatchObject([
      { message: expect.stringContaining("an integer") },
      { message: expect.stringContaining("a string") },
    ]);
  });

  test("it may set cookies, and is called once", async () => {
    const issueTokens = jest.fn(({ res }: { res: Response }) => {
      res.cookie("session", "1");
    });
    const made = create(issueTokens);
    const res = await confirm(made);
    expect(res.get("Set-Cookie")).toEqual(["session=1; Path=/"]);
    expect(issueTokens).toHaveBeenCalledTimes(1);
  });
});
