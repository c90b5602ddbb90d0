// A login session stands for the password: nobody may come by one without it, or use one twice.
import crypto from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { TRUSTED } from "express-totp-setup";
import { alterations, stringsIn } from "../helpers/forgeries.js";
import {
  begin,
  codeAt,
  createRig,
  type Enrolled,
  enroll,
  type Rig,
  START,
  wrongCode,
} from "../helpers/service.js";
import { readTable } from "../helpers/snippets-tables.js";
import { forbidUnhandledRejections } from "../helpers/unhandled.js";

forbidUnhandledRejections();

const UNKNOWN = { ok: false, reason: "unknown_session" };

let rig: Rig;
let ada: Enrolled;
let sessionId: string;

beforeEach(async () => {
  rig = createRig();
  ada = await enroll(rig, "ada");
  sessionId = await beginLogin("ada");
});

afterEach(() => jest.restoreAllMocks());

const codeOf = (secret = ada.secret) => codeAt(secret, rig.clock.time);
const complete = (id: unknown, code = codeOf()) => rig.totp.completeLogin(id as string, code);

async function beginLogin(userId: string): Promise<string> {
  const begun = await rig.totp.beginLogin(userId);
  return (begun as { sessionId: string }).sessionId;
}

/** That the session is still there, and its code was not used up by what came before. */
async function expectUnharmed(): Promise<void> {
  expect(await complete(sessionId)).toMatchObject({ ok: true, userId: "ada" });
}

describe("a session that is not the one given out is unknown", () => {
  test("with any character altered", async () => {
    for (const forged of alterations(sessionId)) {
      expect([forged, await complete(forged)]).toEqual([forged, UNKNOWN]);
    }
    await expectUnharmed();
  });

  test.each<[string, string | number | bigint]>([
    ["a number", 1234567890],
    ["a bigint", 12345678901234567890n],
    ["other scripts", "猫 кот"],
  ])("of %s, with any character altered", async (_, userId) => {
    const setup = await rig.totp.beginSetup(userId);
    const { secret } = setup as { secret: string };
    await rig.totp.confirm(userId, codeOf(secret));
    rig.clock.advance(30);
    const begun = await rig.totp.beginLogin(userId);
    const id = (begun as { sessionId: string }).sessionId;
    for (const forged of alterations(id)) {
      expect([forged, await complete(forged, codeOf(secret))]).toEqual([forged, UNKNOWN]);
    }
    expect(await complete(id, codeOf(secret))).toMatchObject({ ok: true, userId });
  });

  test.each<[string, unknown]>([
    ["nothing", undefined],
    ["null", null],
    ["an empty text", ""],
    ["a number", 1],
    ["a list", ["s"]],
    ["an object that looks like one", { toString: () => sessionId, length: 5 }],
    [
      "another user's id with a token",
      `s${Buffer.from("ada").toString("base64url")}.${"A".repeat(43)}`,
    ],
    [
      "a number that is not safe",
      `n${Buffer.from("9".repeat(30)).toString("base64url")}.${"A".repeat(43)}`,
    ],
    ["a number that is none", `n${Buffer.from("1e3").toString("base64url")}.${"A".repeat(43)}`],
    ["a control character", `s${Buffer.from("\0").toString("base64url")}.${"A".repeat(43)}`],
    ["white space", `s${Buffer.from(" ").toString("base64url")}.${"A".repeat(43)}`],
    ["a megabyte", `s${"A".repeat(1_000_000)}.${"A".repeat(43)}`],
  ])("%s", async (_, forged) => {
    expect(await complete(forged)).toEqual(UNKNOWN);
    await expectUnharmed();
  });

  test("a device's token or id, a backup code, and a secret are no session", async () => {
    const trusted = await rig.totp.trustDevice("ada");
    const { id, token } = trusted as { id: string; token: string };
    for (const forged of [id, token, ada.secret, ...ada.backupCodes]) {
      expect(await complete(forged)).toEqual(UNKNOWN);
      expect(await complete(sessionId.replace(/\..*/, `.${forged}`))).toEqual(UNKNOWN);
    }
    await expectUnharmed();
  });

  test("one user's session does not complete with another user's code", async () => {
    const eve = await enroll(rig, "eve");
    const [, token = ""] = sessionId.split(".");
    const moved = `${(await beginLogin("eve")).split(".")[0]}.${token}`;
    expect(await complete(moved, codeOf(eve.secret))).toEqual(UNKNOWN);
    const wrong = { ok: false, reason: "wrong_code" };
    expect(await complete(sessionId, codeOf(eve.secret))).toEqual(wrong);
    expect(await complete(sessionId, String(eve.backupCodes[0]))).toEqual(wrong);
  });
});

describe("a session ends", () => {
  test.each<[string, () => unknown]>([
    ["when it was used", () => complete(sessionId, String(ada.backupCodes[0]))],
    ["after five minutes", () => rig.clock.advance(300)],
    ["when TOTP is disabled", () => rig.totp.disable("ada", { proof: TRUSTED })],
    ["when it is reset", () => rig.totp.reset("ada")],
    ["when the devices are revoked", () => rig.totp.revokeDevices("ada")],
    [
      "when TOTP is enrolled again",
      async () => {
        const secret = await begin(rig, "ada", ada.backupCodes[0]);
        expect((await rig.totp.confirm("ada", codeOf(secret))).ok).toBe(true);
      },
    ],
  ])("%s", async (_, end) => {
    await end();
    expect(await complete(sessionId, String(ada.backupCodes[1]))).toEqual(UNKNOWN);
    expect(await complete(sessionId)).toEqual(UNKNOWN);
  });

  test.each<[string, () => unknown]>([
    ["a second before five minutes have passed", () => rig.clock.advance(299)],
    ["after a wrong code", () => complete(sessionId, wrongCode(rig.clock.time, ada.secret))],
    ["after a setup that nobody confirmed", () => begin(rig, "ada", ada.backupCodes[0])],
    ["after new backup codes", () => rig.totp.regenerateBackupCodes("ada", { proof: TRUSTED })],
    ["after an unlock", () => rig.totp.unlock("ada")],
    ["after a refused change", () => rig.totp.disable("ada", {})],
  ])("and not %s", async (_, goOn) => {
    await goOn();
    await expectUnharmed();
  });

  test("when TOTP is off and on again, it does not come back", async () => {
    await rig.totp.disable("ada", { proof: TRUSTED });
    const { secret } = await enroll(rig, "ada");
    expect(await complete(sessionId, codeOf(secret))).toEqual(UNKNOWN);
  });
});

test("whoever reads the database can forge no session", async () => {
  await rig.totp.trustDevice("ada", { label: "Laptop" });
  await rig.totp.beginLogin("ada");
  const prefix = sessionId.slice(0, sessionId.indexOf("."));
  for (const text of stringsIn(String(await rig.store.get("ada")))) {
    const padded = text.padEnd(43, "A").slice(0, 43);
    const forged = [text, `${prefix}.${text}`, `${prefix}.${padded}`, `sYWRh${text}`];
    for (const id of forged) expect([id, await complete(id)]).toEqual([id, UNKNOWN]);
  }
  await expectUnharmed();
});

describe("the work to refuse a session says nothing of its secret part", () => {
  async function workOf(id: string) {
    const counted = ["createHash", "createHmac", "timingSafeEqual"] as const;
    const spies = counted.map((name) => jest.spyOn(crypto, name));
    expect(await complete(id)).toEqual(UNKNOWN);
    const work = spies.map(({ mock }) => mock.calls.length);
    jest.restoreAllMocks();
    return work;
  }

  test("of three that wait, none, the first and the last character", async () => {
    await beginLogin("ada");
    await beginLogin("ada");
    const dot = sessionId.indexOf(".");
    const change = (index: number) =>
      sessionId.slice(0, index) +
      (sessionId[index] === "A" ? "B" : "A") +
      sessionId.slice(index + 1);
    const [none, ...others] = [
      `${sessionId.slice(0, dot)}.${"A".repeat(43)}`,
      change(dot + 1),
      change(dot + 20),
      change(sessionId.length - 1),
    ];
    const work = await workOf(String(none));
    // One hash of the id, and a comparison with each of the three.
    expect(work).toEqual([1, expect.any(Number), 3]);
    for (const id of others) expect(await workOf(id)).toEqual(work);
  });
});

describe("a flood of logins", () => {
  test("keeps ten, and ends the oldest alone", async () => {
    const sessions = [sessionId];
    for (let i = 0; i < 30; i++) sessions.push(await beginLogin("ada"));
    const outcomes = [];
    for (const id of sessions) outcomes.push(await complete(id, "no code"));
    const malformed = { ok: false, reason: "malformed_code" };
    expect(outcomes).toEqual([...Array(21).fill(UNKNOWN), ...Array(10).fill(malformed)]);
  });

  test("makes room by what has expired, so that a login of a minute ago goes on", async () => {
    for (let i = 0; i < 9; i++) await beginLogin("ada");
    rig.clock.advance(240);
    sessionId = await beginLogin("ada");
    rig.clock.advance(60);
    for (let i = 0; i < 9; i++) await beginLogin("ada");
    await expectUnharmed();
  });

  test("keeps the state as small as docs/scaling.md says", async () => {
    const document = readFileSync(path.join(__dirname, "../../docs/scaling.md"), "utf8");
    const rows = readTable(document, ["Beside them", "Characters at most", "Bytes at most"]);
    const documented = new Map(rows.map(([what = "", ...sizes]) => [what, sizes.map(Number)]));
    const sizeOf = async () => {
      const stored = String(await rig.store.get("ada"));
      return [stored.length, Buffer.byteLength(stored)];
    };
    await rig.totp.revokeDevices("ada");
    const before = await sizeOf();
    const grown = async () => (await sizeOf()).map((size, i) => size - Number(before[i]));
    const flood = async (one: () => Promise<unknown>) => {
      for (let i = 0; i < 40; i++) await one();
    };
    await flood(() => beginLogin("ada"));
    expect(await grown()).toEqual(documented.get("ten logins that wait"));
    await rig.totp.revokeDevices("ada");
    await flood(() => rig.totp.trustDevice("ada"));
    expect(await grown()).toEqual(documented.get("ten trusted devices, no labels"));
    await rig.totp.revokeDevices("ada");
    await flood(() => rig.totp.trustDevice("ada", { label: "x".repeat(65) }));
    expect(await grown()).toEqual(documented.get("ten trusted devices, labels of 64 letters"));
    await flood(() => rig.totp.trustDevice("ada", { label: "💻".repeat(65) }));
    await flood(() => beginLogin("ada"));
    expect(await grown()).toEqual(documented.get("ten of each, labels of 64 emoji"));
    // All times have as many digits until 2286.
    expect(String(START)).toHaveLength(13);
  });
});
