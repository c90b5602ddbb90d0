// A callback that hangs, or returns what it must not, is named to onError, and nobody gets through.
import type { RequireTotpOptions, TotpRouterOptions } from "express-totp-setup";
import { EXPRESS_VERSIONS } from "../helpers/express-versions.js";
import { begin, codeAt } from "../helpers/service.js";
import {
  createServiceApp,
  enrollDirectly,
  PATHS,
  type ServiceAppOptions,
  send,
  sessionOf,
} from "../helpers/service-app.js";
import { forbidUnhandledRejections } from "../helpers/unhandled.js";

forbidUnhandledRejections();

type Callback = () => unknown;
type Row = [name: string, path: string, options: (callback: Callback) => ServiceAppOptions];

const router =
  (name: keyof TotpRouterOptions) =>
  (callback: Callback): ServiceAppOptions => ({ router: { [name]: callback } });
const guard =
  (name: keyof RequireTotpOptions) =>
  (callback: Callback): ServiceAppOptions => ({ guard: { [name]: callback } });

const byUser = { authenticate: undefined, authorizeSetup: () => true };

const DECISIONS: Row[] = [
  ["getUser", PATHS.setup, (getUser) => ({ router: { ...byUser, getUser } })],
  ["authorizeSetup", PATHS.setup, router("authorizeSetup")],
  ["mustEnroll", PATHS.delete, router("mustEnroll")],
  ["resolveLoginSession", PATHS.login, router("resolveLoginSession")],
  ["getCode", PATHS.transfer, guard("getCode")],
  ["whenNotEnabled", PATHS.transfer, guard("whenNotEnabled")],
];
const body = { session_id: sessionOf("ada"), code: "123456" };

describe.each(EXPRESS_VERSIONS)("$name", (version) => {
  test.each(DECISIONS)("%s hangs: a 503, and onError gets its name", async (callback, path, of) => {
    const options = of(() => new Promise(() => {}));
    const made = createServiceApp(version, { ...options, service: { timeoutMs: 5 } });
    expect((await send(made.app, path, { body, code: "" })).status).toBe(503);
    expect(made.errors).toMatchObject([{ code: "CALLBACK_TIMEOUT", callback, timeoutMs: 5 }]);
    expect([made.transfers, made.escaped]).toEqual([0, []]);
  });

  test("issueTokens returns an array, or hangs: onError gets its name, and no codes are lost", async () => {
    for (const [issueTokens, error] of [
      [() => [], { code: "INVALID_CALLBACK_RESULT", expected: /fields of the response/ }],
      [() => new Promise(() => {}), { code: "CALLBACK_TIMEOUT" }],
    ] as const) {
      const options = { router: { issueTokens }, service: { timeoutMs: 5 } };
      const made = createServiceApp(version, options);
      const secret = await begin(made, "ada");
      const code = codeAt(secret, made.clock.time);
      const { status, body } = await send(made.app, PATHS.verify, { body: { code } });
      expect([status, body.backup_codes.length > 0]).toEqual([200, true]);
      expect(made.errors).toMatchObject([
        {
          callback: "issueTokens",
          code: error.code,
          ...("expected" in error && { expected: expect.stringMatching(error.expected) }),
        },
      ]);
    }
  });

  test("resolveLoginSession returns a user without an id: a 500, and onError gets its name", async () => {
    const made = createServiceApp(version, { router: { resolveLoginSession: () => ({}) } });
    await enrollDirectly(made);
    expect((await send(made.app, PATHS.login, { body })).status).toBe(500);
    expect(made.errors).toMatchObject([{ callback: "resolveLoginSession" }]);
  });
});
