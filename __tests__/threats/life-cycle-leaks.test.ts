import { inspect } from "node:util";
import { generateKey } from "express-totp-setup";
import { EXPRESS_VERSIONS, type ExpressVersion } from "../helpers/express-versions.js";
import { countHmacs } from "../helpers/hmacs.js";
import { codeAt, createRig, enroll, lock } from "../helpers/service.js";
import {
  createServiceApp,
  keyOf,
  PATHS,
  type ServiceApp,
  send,
  sessionOf,
} from "../helpers/service-app.js";

const version = EXPRESS_VERSIONS[0] as ExpressVersion;
const session_id = sessionOf("ada");

/** A life with everything in it that can go well or wrong, and all that was answered meanwhile. */
async function liveThrough(made: ServiceApp) {
  const { app, clock } = made;
  const told: string[] = [];
  const used = new Set<string>();
  const ask = async (
    ...args: Parameters<typeof send> extends [unknown, ...infer Rest] ? Rest : never
  ) => {
    const [, sent] = args;
    const code = sent?.code ?? (sent?.body as { code?: string } | undefined)?.code;
    if (code) used.add(code);
    const res = await send(app, ...args);
    told.push(`${JSON.stringify(res.headers)} ${res.text}`);
    return res;
  };
  const setup = await ask(PATHS.setup);
  const { secret } = setup.body;
  const fresh = () => codeAt(secret, clock.time);
  told.pop();
  await ask(PATHS.verify, { body: { code: "000000" } });
  const confirmed = await ask(PATHS.verify, { body: { code: fresh() } });
  const backupCodes: string[] = confirmed.body.backup_codes;
  told.pop();
  clock.advance(30);
  await ask(PATHS.status);
  for (const code of [fresh(), fresh(), String(backupCodes[0]), String(backupCodes[0])]) {
    await ask(PATHS.login, { body: { session_id, code } });
  }
  await ask(PATHS.login, { body: { session_id, code: codeAt(secret, clock.time + 90_000) } });
  await ask(PATHS.transfer, { code: String(backupCodes[1]) });
  clock.advance(30);
  for (const path of [PATHS.setup, PATHS.regenerate, PATHS.delete]) {
    await ask(path);
    await ask(path, { code: "gibberish" });
    await ask(path, { code: "111111" });
  }
  await ask(PATHS.login, { body: { session_id, code: fresh() } });
  made.store.get = () => Promise.reject(new Error(`row: ${secret}`));
  for (const path of Object.values(PATHS)) {
    await ask(path, { code: fresh(), body: path === PATHS.verify ? { code: fresh() } : undefined });
  }
  const forms = [...backupCodes, ...backupCodes.map((code) => code.replace("-", ""))];
  return { told: told.join("\n"), secrets: [secret, ...forms], codes: [...used] };
}

describe("Spoutible 2024: an API serialized the user with the secret in it", () => {
  test("no answer but the two that hand them out has a secret or a backup code", async () => {
    const { told, secrets, codes } = await liveThrough(createServiceApp(version));
    for (const secret of [...secrets, ...codes, keyOf("ada"), session_id, "hashes", "salt"]) {
      expect(told).not.toContain(secret);
    }
    expect(told).toContain("backup_codes_remaining");
  });

  test("no event has a secret, a code, a backup code or an API key", async () => {
    const made = createServiceApp(version);
    const { secrets, codes } = await liveThrough(made);
    const told = `${JSON.stringify(made.events)} ${inspect(made.events, { depth: 9 })}`;
    for (const secret of [...secrets, ...codes, keyOf("ada"), session_id]) {
      expect(told).not.toContain(secret);
    }
    expect(made.events.length).toBeGreaterThan(10);
  });

  test("no outcome of the service has the secret or the hashes, but the two that hand them out", async () => {
    const rig = createRig();
    const { secret, backupCodes } = await enroll(rig, "ada");
    const { totp, clock } = rig;
    const code = codeAt(secret, clock.time);
    const outcomes = [
      await totp.status("ada"),
      await totp.verify("ada", code),
      await totp.verify("ada", code),
      await totp.verify("ada", String(backupCodes[0])),
      await totp.confirm("ada", code),
      await totp.beginSetup("ada", {}),
      await totp.regenerateBackupCodes("ada", { proof: { code } }),
      await totp.unlock("ada"),
      await totp.reencrypt("ada"),
      await totp.disable("ada", {}),
      await totp.reset("ada"),
    ];
    const told = `${JSON.stringify(outcomes)} ${inspect(outcomes, { depth: 9 })}`;
    for (const text of [secret, code, ...backupCodes, "hashes", "salt", "lastUsedStep"]) {
      expect(told).not.toContain(text);
    }
  });

  test("a refusal says neither how near a code was, nor whether it had been used", async () => {
    const rig = createRig();
    const { secret } = await enroll(rig, "ada");
    rig.clock.advance(600);
    const { time } = rig.clock;
    const used = codeAt(secret, time);
    await rig.totp.verify("ada", used);
    const refusals = [];
    for (const code of [used, codeAt(secret, time + 90_000), "000000", "0000-0000-0000-000A"]) {
      refusals.push(JSON.stringify(await rig.totp.verify("ada", code)));
    }
    expect(new Set(refusals)).toEqual(new Set(['{"ok":false,"reason":"wrong_code"}']));
  });

  test("the work for a refused code says neither of them", async () => {
    const rig = createRig();
    const { secret } = await enroll(rig, "ada");
    rig.clock.advance(3600);
    const { time } = rig.clock;
    const used = codeAt(secret, time);
    await rig.totp.verify("ada", used);
    const offsets = [-20, -5, -1, 0, 2, 3, 20];
    const near = offsets.map((offset) => codeAt(secret, time + offset * 30_000));
    const counts = new Set<number>();
    for (const code of ["000000", ...near]) {
      await rig.totp.unlock("ada");
      counts.add(await countHmacs(() => rig.totp.verify("ada", code)));
    }
    // One for each step in which a refused code is recognized.
    expect([...counts]).toEqual([41]);
  });

  test("a service that is printed shows no key, and no user", async () => {
    const key = generateKey();
    const rig = createRig({ encryption: { current: { id: "one", key } } });
    const { secret } = await enroll(rig, "ada");
    await lock(rig, "ada", secret);
    const { store: _, ...rest } = rig.totp.config;
    const told = inspect({ ...rig.totp, config: rest }, { depth: 9, showHidden: true });
    for (const text of [key, Buffer.from(key, "base64").toString("hex"), secret]) {
      expect(told).not.toContain(text);
    }
  });
});
