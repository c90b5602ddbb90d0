// An error for a wrong option or argument says what it must be, and in which unit.
import { createTotpService, type TotpServiceOptions } from "express-totp-setup";
import { expectationsOf } from "../helpers/expectations.js";
import { OPTION_TABLES } from "../helpers/option-tables.js";
import { createRig, enroll, START, secretNo } from "../helpers/service.js";
import { thrownBy } from "../helpers/thrown-by.js";

test("each option says what it must be", () => {
  const { encryption, backupCodes, ...rest } = OPTION_TABLES.TotpServiceOptions as Record<
    string,
    never
  >;
  expect(expectationsOf(rest)).toEqual({
    store: "an object with the methods get and compareAndSet",
    issuer: "a non-blank string without ':' or control characters",
    accountName: "a function (user) => string",
    algorithm: '"SHA1" or "SHA256" or "SHA512"',
    digits: "6 or 8",
    period: "an integer from 15 to 300",
    qrCode: '"png", "svg", "uri", an object of rendering options, or a function',
    secretBytes: "an integer from 16 to 64",
    pendingSeconds: "an integer from 1 to 86400",
    window: "an integer from 0 to 2",
    trustedDeviceDays: "an integer from 1 to 365",
    timeoutMs: "an integer from 1 to 3600000",
    now: "a function () => number | Date",
    onEvent: "a function (event) => void",
  });
  expect(thrownBy(() => createTotpService({} as TotpServiceOptions)).message).toContain(
    "To try it out, use createMemoryStore().",
  );
  const { store } = createRig();
  for (const [options, expected] of [
    [{ window: 30 }, "It counts time steps before and after the current one."],
    [{ trustedDeviceDays: 86_400 }, "It is in days."],
    [
      { encryption: { current: { id: "a", key: "" }, acceptPlaintext: "no" } },
      "encryption.acceptPlaintext",
    ],
    [{ store: { compareAndSet: () => true } }, "the methods get and compareAndSet"],
  ] as [object, string][]) {
    const given = { store, ...options } as TotpServiceOptions;
    expect(thrownBy(() => createTotpService(given)).message).toContain(expected);
  }
});

test("each argument of an import does", async () => {
  const { totp } = createRig();
  const put = (existing: object) =>
    totp.importEnrollment("ada", { secret: secretNo(1), encoding: "base32", ...existing });
  const current = Math.floor(START / 30_000);
  await expect(put({ lastUsedStep: START / 1000 })).rejects.toMatchObject({
    expected: `a time step that a code was accepted for (the current one is ${current}), or null`,
    message: expect.stringContaining("It counts periods since 1970, not seconds."),
  });
  await expect(put({ createdAt: new Date(-1) })).rejects.toMatchObject({ expected: "a Date" });
  expect((await put({ createdAt: new Date(0) })).ok).toBe(true);
});

test("a user without an id is named", async () => {
  const { totp } = createRig();
  for (const user of ["", {}, { id: "" }, 0.5, null]) {
    for (const call of [totp.beginSetup(user as string), totp.resumeSetup(user as string, "")]) {
      await expect(call).rejects.toMatchObject({
        option: "user",
        expected: expect.stringMatching(/^a user id \(.+\), or an object with such an id$/),
      });
    }
  }
});

test("a rendering that hangs is named, also when a setup is resumed", async () => {
  let hangs = false;
  const qrCode = () => (hangs ? new Promise<never>(() => {}) : "https://qr.example");
  const { totp } = createRig({ qrCode, timeoutMs: 5 });
  const setup = await totp.beginSetup("ada");
  if (!setup.ok) throw new Error(setup.reason);
  hangs = true;
  const resumed = totp.resumeSetup("ada", setup.secret);
  await expect(resumed).rejects.toMatchObject({ code: "CALLBACK_TIMEOUT", callback: "qrCode" });
});

test("without backup codes, none are generated, stored, or listed", async () => {
  const rig = createRig({ backupCodes: false });
  const { backupCodes } = await enroll(rig, "ada");
  expect(backupCodes).toEqual([]);
  expect(rig.totp.config.backupCodes).toBe(false);
  const { store: withCodes } = await withBackupCodes();
  const keysIn = async ({ get }: typeof withCodes) =>
    Object.keys(JSON.parse(String(await get("ada"))));
  expect((await keysIn(withCodes)).length - (await keysIn(rig.store)).length).toBe(1);
});

async function withBackupCodes() {
  const rig = createRig();
  await enroll(rig, "ada");
  return rig;
}

test("a setup that the app does not allow is refused", async () => {
  const { totp } = createRig();
  expect(await totp.beginSetup("ada", { isAuthorized: false })).toEqual({
    ok: false,
    reason: "not_authorized",
  });
  await expect(totp.beginSetup("ada", { isAuthorized: 1 as never })).rejects.toMatchObject({
    option: "isAuthorized",
  });
});
