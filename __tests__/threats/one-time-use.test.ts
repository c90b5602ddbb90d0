// What verifyTotp alone can do about replay is tested beside this; here it is the service and its routes.
import { createTotpService, TotpStateError } from "express-totp-setup";
import { EXPRESS_VERSIONS, type ExpressVersion } from "../helpers/express-versions.js";
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

const login = async ({ app }: ServiceApp, code: string) =>
  (await send(app, PATHS.login, { body: { session_id, code } })).status;

describe("CVE-2015-7225, CVE-2022-25838, CVE-2026-61630, CVE-2025-43798: an accepted code was not burned and worked again", () => {
  test("by the service", async () => {
    const rig = createRig();
    const { secret } = await enroll(rig, "ada");
    const code = codeAt(secret, rig.clock.time);
    expect((await rig.totp.verify("ada", code)).ok).toBe(true);
    for (let i = 0; i < 3; i++) {
      expect(await rig.totp.verify("ada", code)).toEqual({ ok: false, reason: "wrong_code" });
    }
  });

  test("by another process, or after a restart", async () => {
    const rig = createRig();
    const { secret } = await enroll(rig, "ada");
    const code = codeAt(secret, rig.clock.time);
    expect((await rig.totp.verify("ada", code)).ok).toBe(true);
    const other = createRig({ store: rig.store }, rig.clock);
    expect((await other.totp.verify("ada", code)).ok).toBe(false);
  });

  const paths: [string, (made: ServiceApp, code: string) => Promise<number>][] = [
    ["the login", login],
    [
      "the app's own route",
      async ({ app }, code) => (await send(app, PATHS.transfer, { code })).status,
    ],
    ["setting up again", async ({ app }, code) => (await send(app, PATHS.setup, { code })).status],
    [
      "new backup codes",
      async ({ app }, code) => (await send(app, PATHS.regenerate, { code })).status,
    ],
  ];

  test.each(paths)("over HTTP: what %s accepted, nothing accepts again", async (_, first) => {
    const made = createServiceApp(version);
    const { fresh } = await enrollDirectly(made);
    const code = fresh();
    expect(await first(made, code)).toBeLessThan(300);
    for (const [, again] of paths) expect([401, 403]).toContain(await again(made, code));
    expect((await send(made.app, PATHS.delete, { code })).status).toBe(403);
  });
});

test("CVE-2021-43177: a used code worked again for one more interval of the window", async () => {
  const made = createServiceApp(version);
  const { secret } = await enrollDirectly(made);
  // Of the step ahead: in the window for three steps.
  const code = codeAt(secret, made.clock.time + 30_000);
  expect(await login(made, code)).toBe(200);
  for (let step = 0; step < 3; step++) {
    expect(await login(made, code)).toBe(401);
    made.clock.advance(30);
  }
});

test("CVE-2021-43177: an unused code of an earlier step worked after a later one", async () => {
  const made = createServiceApp(version);
  const { secret } = await enrollDirectly(made);
  made.clock.advance(60);
  const { time } = made.clock;
  expect(await login(made, codeAt(secret, time))).toBe(200);
  expect(await login(made, codeAt(secret, time - 30_000))).toBe(401);
  expect(await login(made, codeAt(secret, time + 30_000))).toBe(200);
});

test("CVE-2025-6014: a used code worked again with a space in it", async () => {
  const made = createServiceApp(version);
  const { fresh } = await enrollDirectly(made);
  const code = fresh();
  const spaced = `${code.slice(0, 3)} ${code.slice(3)}`;
  expect(await login(made, spaced)).toBe(200);
  const noBreak = `${code.slice(0, 1)}\u00a0${code.slice(1)}`;
  for (const again of [code, spaced, ` ${code}`, `${code}\n`, noBreak]) {
    expect(await login(made, again)).toBe(401);
  }
});

test("CVE-2025-6014: a used backup code worked again when it was typed otherwise", async () => {
  const made = createServiceApp(version);
  const { backupCodes } = await enrollDirectly(made);
  const code = String(backupCodes[0]);
  expect(await login(made, code)).toBe(200);
  const misread = code.replaceAll("0", "O").replaceAll("1", "l");
  for (const again of [code.toLowerCase(), code.replace("-", ""), ` ${code}`, misread]) {
    expect(await login(made, again)).toBe(401);
  }
});

describe("fortify 399: `true` was stored as the used step, and read as 1", () => {
  test("what is stored is the number of the step", async () => {
    const rig = createRig();
    const { secret } = await enroll(rig, "ada");
    await rig.totp.verify("ada", codeAt(secret, rig.clock.time));
    const { active } = JSON.parse(String(await rig.store.get("ada")));
    expect(active.lastUsedStep).toBe(Math.floor(rig.clock.time / 30_000));
  });

  test.each([true, false, "1", null, undefined, 1.5])(
    "%p in its place accepts no code",
    async (stored) => {
      const rig = createRig();
      const { secret } = await enroll(rig, "ada");
      const before = String(await rig.store.get("ada"));
      const state = JSON.parse(before);
      state.active.lastUsedStep = stored;
      await rig.store.compareAndSet("ada", before, JSON.stringify(state));
      const code = codeAt(secret, rig.clock.time);
      await expect(rig.totp.verify("ada", code)).rejects.toBeInstanceOf(TotpStateError);
    },
  );
});

test("hanko 2723: the code that confirmed the enrollment worked again as the first login code", async () => {
  const made = createServiceApp(version);
  const { secret } = (await send(made.app, PATHS.setup)).body;
  for (const offset of [0, 1]) {
    const code = codeAt(secret, made.clock.time + offset * 30_000);
    if (offset === 0) {
      expect((await send(made.app, PATHS.verify, { body: { code } })).status).toBe(200);
      expect(await login(made, code)).toBe(401);
      expect(await login(made, codeAt(secret, made.clock.time - 30_000))).toBe(401);
    } else {
      expect(await login(made, code)).toBe(200);
    }
  }
});

describe("a race in Gitea: two parallel requests with one code both passed", () => {
  test("of calls in one process", async () => {
    const rig = createRig();
    const { secret } = await enroll(rig, "ada");
    const code = codeAt(secret, rig.clock.time);
    const outcomes = await Promise.all([1, 2, 3, 4].map(() => rig.totp.verify("ada", code)));
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
  });

  test("of services that share nothing but the store", async () => {
    const rig = createRig();
    const { secret } = await enroll(rig, "ada");
    const code = codeAt(secret, rig.clock.time);
    const { store, clock } = rig;
    const others = [1, 2, 3, 4].map(() => createTotpService({ store, now: clock.now }));
    const outcomes = await Promise.all(others.map((totp) => totp.verify("ada", code)));
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
  });

  test("of different kinds over HTTP", async () => {
    const made = createServiceApp(version);
    const { fresh } = await enrollDirectly(made);
    const code = fresh();
    const answers = await Promise.all([
      send(made.app, PATHS.login, { body: { session_id, code } }),
      send(made.app, PATHS.transfer, { code }),
      send(made.app, PATHS.regenerate, { code }),
      send(made.app, PATHS.setup, { code }),
    ]);
    expect(answers.filter(({ status }) => status < 300)).toHaveLength(1);
  });

  test("of confirmations", async () => {
    const rig = createRig();
    const secret = await begin(rig, "ada");
    const code = codeAt(secret, rig.clock.time);
    const outcomes = await Promise.all([1, 2, 3, 4].map(() => rig.totp.confirm("ada", code)));
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
  });
});
