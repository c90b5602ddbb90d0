// A trusted device stands for the code: nobody may come by one without it.
import crypto from "node:crypto";
import { TRUSTED } from "express-totp-setup";
import { alterations, stringsIn } from "../helpers/forgeries.js";
import { begin, codeAt, createRig, type Enrolled, enroll, type Rig } from "../helpers/service.js";
import { forbidUnhandledRejections } from "../helpers/unhandled.js";

forbidUnhandledRejections();

let rig: Rig;
let ada: Enrolled;
let token: string;
let id: string;

beforeEach(async () => {
  rig = createRig();
  ada = await enroll(rig, "ada");
  ({ id, token } = await trust("ada"));
});

afterEach(() => jest.restoreAllMocks());

async function trust(userId: string) {
  const trusted = await rig.totp.trustDevice(userId, { label: "Laptop" });
  return trusted as { id: string; token: string };
}

async function isRequired(deviceToken: string, userId = "ada"): Promise<boolean> {
  return (await rig.totp.beginLogin(userId, { deviceToken })).isRequired;
}

describe("a token that is not the one given out asks for the code", () => {
  test("with any character altered", async () => {
    for (const forged of alterations(token)) {
      expect([forged, await isRequired(forged)]).toEqual([forged, true]);
    }
    expect(await isRequired(token)).toBe(false);
  });

  test("of another user", async () => {
    await enroll(rig, "eve");
    expect(await isRequired(token, "eve")).toBe(true);
    expect(await isRequired((await trust("eve")).token)).toBe(true);
  });

  test("that is the device's id, a login session, a backup code, or the secret", async () => {
    const begun = await rig.totp.beginLogin("ada");
    const { sessionId } = begun as { sessionId: string };
    const texts = [id, sessionId, String(sessionId.split(".")[1]), ada.secret, ...ada.backupCodes];
    for (const forged of texts) expect([forged, await isRequired(forged)]).toEqual([forged, true]);
  });

  test("of a megabyte", async () => {
    expect(await isRequired(token.repeat(25_000))).toBe(true);
  });
});

test("whoever reads the database can forge no token", async () => {
  await rig.totp.beginLogin("ada");
  for (const text of stringsIn(String(await rig.store.get("ada")))) {
    const padded = text.padEnd(43, "A").slice(0, 43);
    for (const forged of [text, padded]) {
      expect([forged, await isRequired(forged)]).toEqual([forged, true]);
    }
  }
  expect(await isRequired(token)).toBe(false);
});

describe("a device is not trusted any more", () => {
  const again = async () => {
    const secret = await begin(rig, "ada", ada.backupCodes[0]);
    expect((await rig.totp.confirm("ada", codeAt(secret, rig.clock.time))).ok).toBe(true);
  };

  test.each<[string, () => Promise<unknown>]>([
    ["revoked", () => rig.totp.revokeDevice("ada", id)],
    ["revoked with all others", () => rig.totp.revokeDevices("ada")],
    ["enrolled again", again],
    [
      "off and on",
      () => rig.totp.disable("ada", { proof: TRUSTED }).then(() => enroll(rig, "ada")),
    ],
    ["reset and on", () => rig.totp.reset("ada").then(() => enroll(rig, "ada"))],
    ["expired", async () => rig.clock.advance(30 * 86_400)],
  ])("after it was %s", async (_, end) => {
    await end();
    expect(await isRequired(token)).toBe(true);
    expect(await rig.totp.listDevices("ada")).toEqual([]);
  });

  test.each<[string, () => Promise<unknown>]>([
    ["a setup that nobody confirmed", () => begin(rig, "ada", ada.backupCodes[0])],
    ["new backup codes", () => rig.totp.regenerateBackupCodes("ada", { proof: TRUSTED })],
    ["a refused change", () => rig.totp.disable("ada", {})],
    ["a code", () => rig.totp.verify("ada", codeAt(ada.secret, rig.clock.time))],
    ["an unlock", () => rig.totp.unlock("ada")],
  ])("but it is after %s", async (_, goOn) => {
    await goOn();
    expect(await isRequired(token)).toBe(false);
  });
});

test("a trusted device is no code: it opens no change", async () => {
  const refused = { ok: false, reason: "malformed_code" };
  expect(await rig.totp.verify("ada", token)).toEqual(refused);
  expect(await rig.totp.disable("ada", { proof: { code: token } })).toEqual(refused);
  const missing = { ok: false, reason: "code_required" };
  expect(await rig.totp.disable("ada", { proof: token } as object)).toEqual(missing);
});

test("the work to refuse a token says nothing of it", async () => {
  await trust("ada");
  await trust("ada");
  const workOf = async (deviceToken: string) => {
    const counted = ["createHash", "createHmac", "timingSafeEqual"] as const;
    const spies = counted.map((name) => jest.spyOn(crypto, name));
    await isRequired(deviceToken);
    const work = spies.map(({ mock }) => mock.calls.length);
    jest.restoreAllMocks();
    return work;
  };
  const change = (index: number) =>
    token.slice(0, index) + (token[index] === "A" ? "B" : "A") + token.slice(index + 1);
  // Two hashes: of the token, and of the session that begins. A comparison with each of the three.
  const work = [2, 0, 3];
  expect(await workOf("A".repeat(43))).toEqual(work);
  for (const index of [0, 20, 42]) expect(await workOf(change(index))).toEqual(work);
  expect(await workOf(token)).toEqual(work);
});
