import { EXPRESS_VERSIONS, type ExpressVersion } from "../helpers/express-versions.js";
import { createRig, enroll } from "../helpers/service.js";
import {
  createServiceApp,
  enrollDirectly,
  PATHS,
  send,
  sessionOf,
} from "../helpers/service-app.js";

const version = EXPRESS_VERSIONS[0] as ExpressVersion;
const session_id = sessionOf("ada");

describe("CVE-2026-33624, CVE-2026-34224, CVE-2026-48505: one backup code was used twice in parallel", () => {
  test("by the service", async () => {
    const rig = createRig();
    const { backupCodes } = await enroll(rig, "ada");
    const calls = [1, 2, 3, 4].map(() => rig.totp.verify("ada", String(backupCodes[0])));
    const outcomes = await Promise.all(calls);
    expect(outcomes.filter(({ ok }) => ok)).toEqual([
      { ok: true, method: "backup_code", backupCodesRemaining: 2 },
    ]);
    expect((await rig.totp.status("ada")).backupCodesRemaining).toBe(2);
  });

  test("on different paths, typed in different ways", async () => {
    const made = createServiceApp(version);
    const { backupCodes } = await enrollDirectly(made);
    const code = String(backupCodes[0]);
    const answers = await Promise.all([
      send(made.app, PATHS.login, { body: { session_id, code } }),
      send(made.app, PATHS.login, { body: { session_id, code: code.toLowerCase() } }),
      send(made.app, PATHS.transfer, { code: code.replace("-", "") }),
      send(made.app, PATHS.setup, { code: code.replace("-", " ") }),
    ]);
    expect(answers.filter(({ status }) => status < 300)).toHaveLength(1);
  });

  test("two different ones at once are both good, once each", async () => {
    const rig = createRig();
    const { backupCodes } = await enroll(rig, "ada");
    const [one = "", two = ""] = backupCodes;
    const calls = [one, two].map((code) => rig.totp.verify("ada", code));
    expect((await Promise.all(calls)).every(({ ok }) => ok)).toBe(true);
    expect((await rig.totp.status("ada")).backupCodesRemaining).toBe(1);
  });
});

describe("CVE-2026-31875, CVE-2025-67507: backup codes were never consumed", () => {
  test("at the login", async () => {
    const made = createServiceApp(version);
    const { backupCodes } = await enrollDirectly(made);
    for (const [i, code] of backupCodes.entries()) {
      const sent = { body: { session_id, code } };
      expect((await send(made.app, PATHS.login, sent)).status).toBe(200);
      expect((await send(made.app, PATHS.login, sent)).status).toBe(401);
      const { body } = await send(made.app, PATHS.status);
      expect(body.backup_codes_remaining).toBe(2 - i);
    }
  });

  test("as the fresh code of a change, or of the app's own route", async () => {
    const made = createServiceApp(version);
    const { backupCodes } = await enrollDirectly(made);
    for (const [i, path] of [PATHS.transfer, PATHS.setup].entries()) {
      const code = String(backupCodes[i]);
      expect((await send(made.app, path, { code })).status).toBeLessThan(300);
      expect((await send(made.app, path, { code })).status).toBe(403);
    }
    const { body } = await send(made.app, PATHS.status);
    expect(body.backup_codes_remaining).toBe(1);
  });

  test("by the codes that replaced them", async () => {
    const made = createServiceApp(version);
    const { backupCodes, fresh } = await enrollDirectly(made);
    const { body } = await send(made.app, PATHS.regenerate, { code: fresh() });
    expect(body.backup_codes).toHaveLength(3);
    for (const code of backupCodes) {
      const res = await send(made.app, PATHS.login, { body: { session_id, code } });
      expect(res.status).toBe(401);
    }
  });
});

test("better-auth 7231: the first use of a backup code re-saved the rest in a form that no longer matched", async () => {
  const rig = createRig({ backupCodes: { count: 6 } });
  const { backupCodes } = await enroll(rig, "ada");
  const hashesIn = async () =>
    JSON.parse(String(await rig.store.get("ada"))).backupCodes.hashes as string[];
  const before = await hashesIn();
  for (const [i, code] of backupCodes.entries()) {
    const left = 5 - i;
    const accepted = { ok: true, method: "backup_code", backupCodesRemaining: left };
    expect(await rig.totp.verify("ada", code)).toEqual(accepted);
    expect(before).toEqual(expect.arrayContaining(await hashesIn()));
  }
});

describe("CVE-2025-64175: a backup code of one user worked for another", () => {
  test("by the service", async () => {
    const rig = createRig();
    const ada = await enroll(rig, "ada");
    const eve = await enroll(rig, "eve");
    for (const code of eve.backupCodes) {
      expect((await rig.totp.verify("ada", code)).ok).toBe(false);
    }
    for (const code of ada.backupCodes) {
      expect((await rig.totp.verify("ada", code)).ok).toBe(true);
    }
    expect((await rig.totp.status("eve")).backupCodesRemaining).toBe(3);
  });

  test("over HTTP: the code is that of the session's user, whoever's API key comes along", async () => {
    const made = createServiceApp(version);
    await enrollDirectly(made);
    const eve = await enrollDirectly(made, "eve");
    const body = { session_id, code: eve.backupCodes[0] };
    expect((await send(made.app, PATHS.login, { as: "eve", body })).status).toBe(401);
    expect((await send(made.app, PATHS.transfer, { code: eve.backupCodes[0] })).status).toBe(403);
    const { body: status } = await send(made.app, PATHS.status, { as: "eve" });
    expect(status.backup_codes_remaining).toBe(3);
  });

  test("two users' hashes are under different salts", async () => {
    const rig = createRig();
    await enroll(rig, "ada");
    await enroll(rig, "eve");
    const saltOf = async (user: string) =>
      JSON.parse(String(await rig.store.get(user))).backupCodes.salt;
    expect(await saltOf("ada")).not.toBe(await saltOf("eve"));
  });
});

test("monize 155: regenerating backup codes needed no fresh code", async () => {
  const made = createServiceApp(version);
  const { backupCodes, fresh } = await enrollDirectly(made);
  for (const code of [undefined, "", "000000", "no code", "111 11"]) {
    const body = { code: fresh(), "X-TOTP-Code": fresh() };
    expect((await send(made.app, PATHS.regenerate, { code, body })).status).toBe(403);
  }
  const { body } = await send(made.app, PATHS.status);
  expect(body.backup_codes_remaining).toBe(backupCodes.length);
  expect((await send(made.app, PATHS.regenerate, { code: fresh() })).status).toBe(200);
  // The fresh code is used up: the codes that were just shown cannot be replaced unseen.
  expect((await send(made.app, PATHS.regenerate, { code: fresh() })).status).toBe(403);
});
