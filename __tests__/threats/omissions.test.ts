import { type TotpService, TRUSTED } from "express-totp-setup";
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
  ["null", null],
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
  ["the code as the options", (code) => code],
  ["the code beside the proof", (code) => ({ code })],
  ["the code as the proof", (code) => ({ proof: code })],
  ["the code in a list", (code) => ({ proof: { code: [code] } })],
  ["the code as a number", (code) => ({ proof: { code: Number(code) } })],
  ["the code as an object", (code) => ({ proof: { code: { toString: () => code } } })],
];

describe.each(METHODS)("an argument left out turned the step-up off: %s", (_, call) => {
  async function expectRefused(make: (code: string) => unknown) {
    const rig = createRig();
    const { secret } = await enroll(rig, "ada");
    const before = await rig.store.get("ada");
    const code = codeAt(secret, rig.clock.time);
    const outcome = await call(rig.totp, make(code) as never);
    expect(outcome).toEqual({ ok: false, reason: "code_required" });
    expect(await rig.store.get("ada")).toBe(before);
    expect(rig.events).toEqual([]);
    expect((await call(rig.totp, { proof: { code } } as never)).ok).toBe(true);
  }

  test.each(ABSENT)("%s", (_name, options) => expectRefused(() => options));

  test.each(MISPLACED)("%s", (_name, make) => expectRefused(make));

  describe("a vouching flag in the options: a request's body was handed on", () => {
    test.each(BODIES)("%s", (_name, body) => expectRefused(() => body));

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
