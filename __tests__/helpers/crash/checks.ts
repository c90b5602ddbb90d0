import { begin } from "../service.js";
import { type Answer, no } from "./case.js";
import { USER, type World } from "./world.js";

export async function expectOn(world: World): Promise<void> {
  const { totp } = world;
  expect((await totp.status(USER)).isEnabled).toBe(true);
  const code = world.nextCode();
  expect(await totp.verify(USER, code)).toMatchObject({ ok: true, method: "totp" });
  expect(await totp.verify(USER, code)).toMatchObject(no("wrong_code"));
  await expectBackupCode(world, world.backup(3));
}

export async function expectBackupCode({ totp }: World, code: string): Promise<void> {
  expect(await totp.verify(USER, code)).toMatchObject({ ok: true, method: "backup_code" });
  expect(await totp.verify(USER, code)).toMatchObject(no("wrong_code"));
}

export async function expectConfirmable(world: World, secret: unknown): Promise<void> {
  const confirmed = await world.totp.confirm(USER, world.nextCode(String(secret)));
  if (!confirmed.ok) throw new Error(confirmed.reason);
  world.enrolled = { secret: String(secret), backupCodes: confirmed.backupCodes };
  await expectOn(world);
}

/** TOTP is on by the pending secret, whether its user has seen the backup codes or not. */
export async function expectConfirmed(world: World, { backupCodes }: Answer): Promise<void> {
  world.enrolled.secret = world.pending;
  if (!backupCodes) return expectNewCodes(world);
  world.enrolled.backupCodes = backupCodes as string[];
  await expectOn(world);
}

export async function expectNewCodes(world: World): Promise<void> {
  const proof = { code: world.nextCode() };
  const made = await world.totp.regenerateBackupCodes(USER, { proof });
  if (!made.ok) throw new Error(made.reason);
  world.enrolled.backupCodes = made.backupCodes;
  await expectOn(world);
}

export async function expectLogin(world: World, sessionId: unknown): Promise<void> {
  const { totp } = world;
  const completed = await totp.completeLogin(String(sessionId), world.nextCode());
  expect(completed).toMatchObject({ ok: true, userId: USER });
  // Used up: also for another code.
  expect(await totp.completeLogin(String(sessionId), world.nextCode())).toEqual(
    no("unknown_session"),
  );
  await expectOn(world);
}

export async function expectAnotherLogin(world: World): Promise<void> {
  expect(await world.totp.completeLogin(world.sessionId, world.nextCode())).toEqual(
    no("unknown_session"),
  );
  const begun = await world.totp.beginLogin(USER);
  await expectLogin(world, (begun as Answer).sessionId);
}

export async function expectOff(world: World): Promise<void> {
  const { totp } = world;
  expect(await totp.status(USER)).toEqual({ isEnabled: false, backupCodesRemaining: 0 });
  expect(await totp.verify(USER, world.nextCode())).toEqual(no("not_enabled"));
  expect(await totp.listDevices(USER)).toEqual([]);
  expect(await totp.completeLogin(world.sessionId, world.code())).toEqual(no("unknown_session"));
  await expectConfirmable(world, await begin(world.rig, USER));
}

export async function isTrusted({ totp }: World, deviceToken: unknown): Promise<boolean> {
  const begun = await totp.beginLogin(USER, { deviceToken: String(deviceToken) });
  return !begun.isRequired;
}
