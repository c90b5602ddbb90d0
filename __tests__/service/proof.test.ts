// Nothing is opened by omission, nor by handing on a request's body.
import { createTotpService, TRUSTED } from "express-totp-setup";
import { codeAt, createRig, type Enrolled, enroll, type Rig } from "../helpers/service.js";

let rig: Rig;
let enrolled: Enrolled;
beforeEach(async () => {
  rig = createRig();
  enrolled = await enroll(rig, "ada");
});

const changes = {
  beginSetup: (options: never) => rig.totp.beginSetup("ada", options),
  disable: (options: never) => rig.totp.disable("ada", options),
  regenerateBackupCodes: (options: never) => rig.totp.regenerateBackupCodes("ada", options),
};

const fromJson = (text: string) => JSON.parse(text);

const missing: [string, unknown][] = [
  ["undefined", undefined],
  ["an empty object", {}],
  ["a proof that is undefined", { proof: undefined }],
  ["a proof that is null", { proof: null }],
  ["a proof that is true", { proof: true }],
  ["a proof that is the symbol's name", { proof: "TRUSTED" }],
  ["a proof that is the state machine's word", { proof: "trusted" }],
  ["a proof that is the symbol's description", { proof: "express-totp-setup.trusted" }],
  ["a proof that is written like the symbol", { proof: String(TRUSTED) }],
  ["a symbol of another description", { proof: Symbol("trusted") }],
  ["another registered symbol", { proof: Symbol.for("trusted") }],
  ["a symbol that is not registered", { proof: Symbol("express-totp-setup.trusted") }],
  ["a boxed symbol", { proof: Object(TRUSTED) }],
  ["a list of the symbol", { proof: [TRUSTED] }],
  ["a code that is the symbol", { proof: { code: TRUSTED } }],
  ["a code as a number", { proof: { code: 123_456 } }],
  ["a code in a list", { proof: { code: ["123456"] } }],
  ["a code that is empty", { proof: { code: "" } }],
  ["a code that is null", { proof: { code: null } }],
  ["a proof that is the code", { proof: "123456" }],
  ["a proof that is JSON with everything", fromJson('{"proof":{"isTrusted":true,"TRUSTED":true}}')],
  ["a proof that is JSON with a prototype", fromJson('{"proof":{"__proto__":{"code":"123456"}}}')],
];

describe.each(Object.entries(changes))("%s", (_, change) => {
  test.each(missing)("refuses %s", async (_title, options) => {
    const before = await rig.store.get("ada");
    const refused = { ok: false, reason: "code_required" };
    expect(await change(options as never)).toEqual(refused);
    expect(await rig.store.get("ada")).toBe(before);
    expect(rig.events).toEqual([]);
  });

  test("takes the symbol, and says so in its event", async () => {
    expect(await change({ proof: TRUSTED } as never)).toMatchObject({ ok: true });
    expect(rig.events).toMatchObject([{ by: "trusted" }]);
  });

  test("takes a code, and says so in its events", async () => {
    const code = codeAt(enrolled.secret, rig.clock.time);
    expect(await change({ proof: { code } } as never)).toMatchObject({ ok: true });
    expect(rig.events).toMatchObject([{ type: "verified", by: "user" }, { by: "user" }]);
  });

  test("takes the symbol of another copy of the library", async () => {
    let other: typeof TRUSTED | undefined;
    jest.isolateModules(() => {
      const copy = require("express-totp-setup");
      expect(copy.createTotpService).not.toBe(createTotpService);
      other = copy.TRUSTED;
    });
    expect(await change({ proof: other } as never)).toMatchObject({ ok: true });
  });
});

test("the symbol is registered, and no JSON holds it", () => {
  expect(Symbol.keyFor(TRUSTED)).toBe("express-totp-setup.trusted");
  expect(JSON.stringify({ proof: TRUSTED })).toBe("{}");
});
