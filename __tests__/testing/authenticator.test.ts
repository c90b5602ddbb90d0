import { createOtpauthUri, TotpConfigError } from "express-totp-setup";
import { createTestAuthenticator } from "express-totp-setup/testing";
import { codeAt, createRig, START, secretNo, TestClock } from "../helpers/service.js";
import { thrownBy } from "../helpers/thrown-by.js";

const secret = secretNo(1);
const uri = createOtpauthUri({ secret, accountName: "ada", issuer: "Acme" });

async function setUp(options: Parameters<typeof createRig>[0] = {}) {
  const rig = createRig(options);
  const setup = await rig.totp.beginSetup("ada");
  if (!setup.ok) throw new Error(setup.reason);
  const authenticator = createTestAuthenticator(setup.otpauthUri, { now: rig.clock.now });
  return { ...rig, authenticator };
}

test.each([
  ["default parameters", {}],
  ["other parameters", { algorithm: "SHA512", digits: 8, period: 60 } as const],
])("a service with %s accepts a confirmation and a login at the same time", async (_, options) => {
  const { totp, authenticator } = await setUp(options);
  expect(await totp.confirm("ada", authenticator.nextCode())).toMatchObject({ ok: true });
  expect(await totp.verify("ada", authenticator.nextCode())).toMatchObject({ ok: true });
});

test("without a code left, it returns how long to wait, and then the next code is accepted", async () => {
  const { totp, clock, authenticator } = await setUp();
  expect(authenticator.waitMs()).toBe(0);
  await totp.confirm("ada", authenticator.nextCode());
  await totp.verify("ada", authenticator.nextCode());
  // START is halfway through a time step.
  expect(authenticator.waitMs()).toBe(15_000);
  expect(() => authenticator.nextCode()).toThrow("wait 15000 ms");
  clock.advance(14.999);
  expect(() => authenticator.nextCode()).toThrow("wait 1 ms");
  clock.advance(0.001);
  expect(authenticator.waitMs()).toBe(0);
  expect(await totp.verify("ada", authenticator.nextCode())).toMatchObject({ ok: true });
});

test("returns the current code and then the next one, each once", () => {
  const clock = new TestClock();
  const authenticator = createTestAuthenticator(uri, { now: clock.now });
  expect([authenticator.nextCode(), authenticator.nextCode()]).toEqual([
    codeAt(secret, START),
    codeAt(secret, START + 30_000),
  ]);
  clock.advance(300);
  expect(authenticator.nextCode()).toBe(codeAt(secret, clock.time));
});

test("skips a time step whose code is that of the step before", async () => {
  const rig = createRig();
  const { totp, clock } = rig;
  // Found by trying: the first secretNo with the same code in the two steps after START.
  const twin = "ANOEGTDPOGGBVFIOIAC6ANOEGTDPOGGB";
  expect(codeAt(twin, START + 30_000)).toBe(codeAt(twin, START + 60_000));
  await totp.importEnrollment("ada", { secret: twin, encoding: "base32" });
  const twins = createOtpauthUri({ secret: twin, accountName: "ada", issuer: "Acme" });
  const authenticator = createTestAuthenticator(twins, { now: clock.now });
  for (let step = 0; step < 5; step++) {
    clock.advance(30);
    expect(await totp.verify("ada", authenticator.nextCode())).toMatchObject({ ok: true });
  }
});

test("uses Date.now by default, and with it fake timers", () => {
  jest.useFakeTimers({ now: START });
  try {
    const authenticator = createTestAuthenticator(uri);
    expect(authenticator.nextCode()).toBe(codeAt(secret, START));
    authenticator.nextCode();
    jest.advanceTimersByTime(authenticator.waitMs());
    expect(authenticator.nextCode()).toBe(codeAt(secret, START + 60_000));
  } finally {
    jest.useRealTimers();
  }
});

test.each<[string, unknown, object, object]>([
  [
    "no URI",
    undefined,
    {},
    {
      code: "INVALID_OPTION",
      option: "otpauthUri",
      message: expect.stringContaining("Set otpauthUri: true on the router, or use createOtpauth"),
    },
  ],
  ["the secret alone", secret, {}, { code: "INVALID_OPTION", option: "otpauthUri" }],
  ["an hotp URI", `otpauth://hotp/a?secret=${secret}`, {}, { option: "otpauthUri" }],
  ["a URI without a secret", "otpauth://totp/ada", {}, { option: "secret" }],
  ["an unknown algorithm", `${uri}&algorithm=MD5`, {}, { option: "algorithm" }],
  ["an unknown option", uri, { clock: Date.now }, { code: "UNKNOWN_OPTION", option: "clock" }],
])("mistakes are named at once: %s", (_, given, options, expected) => {
  const error = thrownBy(() => createTestAuthenticator(given as string, options as never));
  expect(error).toBeInstanceOf(TotpConfigError);
  expect(error).toMatchObject(expected);
  expect(error.message).not.toContain(secret);
});
