import { URI } from "otpauth";
import { EXPRESS_VERSIONS, type ExpressVersion } from "../helpers/express-versions.js";
import { CALLS } from "../helpers/lockouts.js";
import { begin, codeAt, createRig, enroll } from "../helpers/service.js";
import {
  createServiceApp,
  enrollDirectly,
  PATHS,
  type ServiceApp,
  send,
  sessionOf,
} from "../helpers/service-app.js";

const version = EXPRESS_VERSIONS[0] as ExpressVersion;
const session_id = sessionOf("ada");
const LONG = 4096;

describe("a code of 4096 characters kept a process busy, or was taken", () => {
  const TEXTS: [string, (code: string) => string][] = [
    ["digits", () => "1".repeat(LONG)],
    ["letters", () => "A".repeat(LONG)],
    ["a right code behind spaces", (code) => code.padStart(LONG)],
    ["a right code among zero-width spaces", (code) => [...code].join("\u200b".repeat(LONG / 6))],
    ["three codes and spaces", (code) => `${code} ${code} ${code}`.padEnd(LONG)],
  ];

  test.each(TEXTS)("%s: malformed, and not counted", async (_, make) => {
    const rig = createRig();
    const { secret } = await enroll(rig, "ada");
    const before = await rig.store.get("ada");
    for (const [, call] of CALLS) {
      const outcome = await call(rig, make(codeAt(secret, rig.clock.time)));
      expect(outcome).toEqual({ ok: false, reason: "malformed_code" });
    }
    expect(await rig.store.get("ada")).toBe(before);
    const own = await begin(rig, "eve");
    const outcome = await rig.totp.confirm("eve", make(codeAt(own, rig.clock.time)));
    expect(outcome).toEqual({ ok: false, reason: "malformed_code" });
  });

  test("over HTTP", async () => {
    const made = createServiceApp(version);
    await enrollDirectly(made);
    const before = await made.store.get("ada");
    const code = "1".repeat(LONG - 100);
    const responses = [
      await send(made.app, PATHS.login, { body: { session_id, code } }),
      await send(made.app, PATHS.transfer, { code }),
      await send(made.app, PATHS.delete, { code }),
    ];
    expect(responses.map(({ body }) => body.reason)).toEqual(Array(3).fill("malformed_code"));
    expect(await made.store.get("ada")).toBe(before);
  });
});

describe("a code as a JSON number lost its leading zeros", () => {
  const BODIES: [string, (made: ServiceApp, code: unknown) => ReturnType<typeof send>][] = [
    ["login", ({ app }, code) => send(app, PATHS.login, { body: { session_id, code } })],
    ["verify", ({ app }, code) => send(app, PATHS.verify, { body: { code } })],
  ];

  test.each(BODIES)("%s: a 400 that says why", async (_, sendCode) => {
    const made = createServiceApp(version);
    const { fresh } = await enrollDirectly(made);
    const before = await made.store.get("ada");
    for (const code of [Number(fresh()), 12345, 0, [fresh()], { code: fresh() }, true, null]) {
      const { status, body } = await sendCode(made, code);
      expect([status, body.details]).toEqual([400, 'The field "code" must be a non-empty string']);
    }
    expect(await made.store.get("ada")).toBe(before);
  });
});

describe("a name with a ':' failed the setup, or made another issuer of its first part", () => {
  const USERS = [
    { id: "auth0|7", accountName: "Ada: of London" },
    { id: "google:7" },
    { id: ":", accountName: ":" },
    { id: "ada", accountName: "Evil Corp:ada@example.com" },
  ];

  test.each(USERS)("$id, $accountName", async (user) => {
    const { totp, clock } = createRig();
    const setup = await totp.beginSetup(user);
    if (!setup.ok) throw new Error(setup.reason);
    const { label, issuer } = URI.parse(setup.otpauthUri);
    expect(issuer).toBe("Acme");
    expect(label).not.toContain(":");
    expect(label).not.toBe("");
    expect((await totp.resumeSetup(user, setup.secret)).ok).toBe(true);
    expect((await totp.confirm(user.id, codeAt(setup.secret, clock.time))).ok).toBe(true);
    expect((await totp.status(user.id)).isEnabled).toBe(true);
  });

  test("users whose ids differ in a ':' only are two users", async () => {
    const rig = createRig();
    await enroll(rig, "a:b");
    for (const other of ["a", "b", "a-b", "ab"]) {
      expect((await rig.totp.status(other)).isEnabled).toBe(false);
    }
  });
});

test("OpenTAKServer 149: hyphens in the QR code's key: authenticator apps showed wrong codes", async () => {
  const { totp } = createRig();
  for (let i = 0; i < 20; i++) {
    const setup = await totp.beginSetup("ada");
    if (!setup.ok) throw new Error(setup.reason);
    expect(setup.secret).toMatch(/^[A-Z2-7]{32}$/);
    expect(new URL(setup.otpauthUri).searchParams.get("secret")).toBe(setup.secret);
  }
});
