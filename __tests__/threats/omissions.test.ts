import { TotpConfigError, type TotpService, TRUSTED } from "express-totp-setup";
import { EXPRESS_VERSIONS, type ExpressVersion } from "../helpers/express-versions.js";
import { codeAt, createRig, enroll } from "../helpers/service.js";
import { createServiceApp, enrollDirectly, PATHS, send } from "../helpers/service-app.js";

const version = EXPRESS_VERSIONS[0] as ExpressVersion;

/** Each method that takes a proof, with whatever it is given in its place. */
const METHODS: [string, (totp: TotpService, options: never) => Promise<{ ok: boolean }>][] = [
  ["disable", (totp, options) => totp.disable("ada", options)],
  ["regenerateBackupCodes", (totp, options) => totp.regenerateBackupCodes("ada", options)],
  ["beginSetup", (totp, options) => totp.beginSetup("ada", options)],
];

const ABSENT: [string, unknown][] = [
  ["undefined", undefined],
  ["nothing in it", {}],
  ["an undefined proof", { proof: undefined }],
  ["a proof of null", { proof: null }],
  ["a proof with nothing in it", { proof: {} }],
  ["an undefined code", { proof: { code: undefined } }],
  ["an empty code", { proof: { code: "" } }],
  ["a context alone", { context: { address: "10.0.0.1" } }],
];

/** What a request's body, or a form's, can be. */
const BODIES: [string, unknown][] = [
  '{"isTrusted":true}',
  '{"trusted":true}',
  '{"proof":true}',
  '{"proof":"trusted"}',
  '{"proof":"TRUSTED"}',
  '{"proof":"Symbol(express-totp-setup.trusted)"}',
  '{"proof":"express-totp-setup.trusted"}',
  '{"proof":{"trusted":true}}',
  '{"proof":{"code":true}}',
  '{"proof":{"code":{"length":6}}}',
  '{"proof":["trusted"]}',
  '{"__proto__":{"proof":"trusted"}}',
].map((text) => [text, JSON.parse(text)]);

/** What holds a right code, but not as the proof: it is refused too, and not used up. */
const MISPLACED: [string, (code: string) => unknown][] = [
  ["the code as the proof", (code) => ({ proof: code })],
  ["the code in a list", (code) => ({ proof: { code: [code] } })],
  ["the code as a number", (code) => ({ proof: { code: Number(code) } })],
  ["the code as an object", (code) => ({ proof: { code: { toString: () => code } } })],
];

/** Mistakes of the app, which it learns of. */
const NOT_OPTIONS: [string, (code: string) => unknown][] = [
  ["null", () => null],
  ["true", () => true],
  ["the code as the options", (code) => code],
  ["the code beside the proof", (code) => ({ code })],
  ["a misspelled name", (code) => ({ prof: { code } })],
];

describe.each(METHODS)("an argument left out turned the step-up off: %s", (_, call) => {
  type Make = (code: string) => unknown;
  const refused = { ok: false, reason: "code_required" };

  /** Nothing is changed, and the code still works. */
  async function expectNothing(make: Make, judge: (call: Promise<object>) => Promise<void>) {
    const rig = createRig();
    const { secret } = await enroll(rig, "ada");
    const before = await rig.store.get("ada");
    const code = codeAt(secret, rig.clock.time);
    await judge(call(rig.totp, make(code) as never));
    expect(await rig.store.get("ada")).toBe(before);
    expect(rig.events).toEqual([]);
    expect((await call(rig.totp, { proof: { code } } as never)).ok).toBe(true);
  }

  const expectRefused = (make: Make) =>
    expectNothing(make, async (call) => expect(await call).toEqual(refused));

  const expectError = (make: Make) =>
    expectNothing(make, (call) => expect(call).rejects.toBeInstanceOf(TotpConfigError));

  test.each(ABSENT)("%s", (_name, options) => expectRefused(() => options));

  test.each(MISPLACED)("%s", (_name, make) => expectRefused(make));

  test.each(NOT_OPTIONS)("%s", (_name, make) => expectError(make));

  describe("a vouching flag in the options, because a request's body was passed on", () => {
    test.each(BODIES)("as the proof: %s", (_name, body) => expectRefused(() => ({ proof: body })));

    test.each(BODIES)("as the options: %s", (_name, body) => {
      const isKnown = Object.keys(body as object).every((key) => key === "proof");
      return isKnown ? expectRefused(() => body) : expectError(() => body);
    });

    test("another symbol of that name", () =>
      expectRefused(() => ({ proof: Symbol("express-totp-setup.trusted") })));
  });

  test("the exported symbol vouches, and the event says so", async () => {
    const rig = createRig();
    await enroll(rig, "ada");
    expect((await call(rig.totp, { proof: TRUSTED } as never)).ok).toBe(true);
    expect(rig.events.map(({ by }) => by)).toEqual(["trusted"]);
  });
});

describe("a misspelled option of a method had its default in silence", () => {
  /** Each method that takes options, with an option that exists. */
  const calls: [string, string, (totp: TotpService, options: never) => Promise<unknown>][] = [
    ["beginSetup", "isAuthorized", (totp, options) => totp.beginSetup("ada", options)],
    ["confirm", "context", (totp, options) => totp.confirm("ada", "123456", options)],
    ["verify", "context", (totp, options) => totp.verify("ada", "123456", options)],
    ["beginLogin", "mustEnroll", (totp, options) => totp.beginLogin("ada", options)],
    ["completeLogin", "context", (totp, options) => totp.completeLogin("", "123456", options)],
    ["trustDevice", "label", (totp, options) => totp.trustDevice("ada", options)],
    ["revokeDevice", "context", (totp, options) => totp.revokeDevice("ada", "id", options)],
    ["revokeDevices", "context", (totp, options) => totp.revokeDevices("ada", options)],
    ["disable", "proof", (totp, options) => totp.disable("ada", options)],
    [
      "regenerateBackupCodes",
      "proof",
      (totp, options) => totp.regenerateBackupCodes("ada", options),
    ],
    ["unlock", "context", (totp, options) => totp.unlock("ada", options)],
    ["reset", "context", (totp, options) => totp.reset("ada", options)],
  ];

  test.each(calls)("%s", async (method, option, call) => {
    const get = jest.fn();
    const { totp } = createRig({ store: { get, compareAndSet: get } });
    const misspelled = { [option.slice(0, -1)]: true } as never;
    await expect(call(totp, misspelled)).rejects.toMatchObject({
      code: "UNKNOWN_OPTION",
      fix: `Did you mean ${option}?`,
    });
    for (const given of [true, "yes", null, []]) {
      await expect(call(totp, given as never)).rejects.toMatchObject({
        code: "INVALID_OPTION",
        option: method,
      });
    }
    expect(get).not.toHaveBeenCalled();
  });

  test.each([null, true, {}, "aborted"])("signal: %p is no AbortSignal", async (signal) => {
    const { totp } = createRig();
    const setup = totp.beginSetup("ada", { signal } as never);
    await expect(setup).rejects.toMatchObject({ option: "signal", expected: "an AbortSignal" });
  });

  test.each([null, 0, "", "no", undefined])(
    "isAuthorized: %p begins no setup unless it is not set",
    async (isAuthorized) => {
      const { totp } = createRig();
      const setup = totp.beginSetup("ada", { isAuthorized } as never);
      if (isAuthorized === undefined) expect((await setup).ok).toBe(true);
      else await expect(setup).rejects.toMatchObject({ option: "isAuthorized" });
    },
  );
});

test("over HTTP a body turns no step-up off", async () => {
  for (const path of [PATHS.setup, PATHS.regenerate, PATHS.delete]) {
    const made = createServiceApp(version);
    const { fresh } = await enrollDirectly(made);
    const before = await made.store.get("ada");
    for (const body of [...BODIES.map(([, each]) => each), { code: fresh() }]) {
      const res = await send(made.app, path, { body });
      expect([res.status, res.body.reason]).toEqual([403, "code_required"]);
    }
    expect(await made.store.get("ada")).toBe(before);
  }
});
