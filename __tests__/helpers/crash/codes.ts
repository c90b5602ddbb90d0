import { type CrashCase, no, OK, USED } from "./case.js";
import { expectBackupCode, expectNewCodes, expectOn } from "./checks.js";
import { USER } from "./world.js";

export const CODE_CASES: CrashCase[] = [
  {
    name: "verify",
    start: "on",
    call: (world) => world.totp.verify(USER, world.code()),
    outcome: { ok: true, method: "totp" },
    events: ["verified"],
    again: USED,
    afterwards: expectOn,
  },
  {
    name: "verify with a backup code",
    start: "on",
    call: (world) => world.totp.verify(USER, world.backup(1)),
    outcome: { ok: true, method: "backup_code", backupCodesRemaining: 2 },
    events: ["verified", "backup_codes_low"],
    again: USED,
    async afterwards(world) {
      expect((await world.totp.status(USER)).backupCodesRemaining).toBe(2);
      await expectBackupCode(world, world.backup(2));
      await expectOn(world);
    },
  },
  {
    name: "verify with three codes",
    start: "locked",
    call: (world) => world.totp.verify(USER, world.three()),
    outcome: { ok: true, method: "three_codes" },
    events: ["verified"],
    again: USED,
    async afterwards(world) {
      world.rig.clock.advance(90);
      await expectOn(world);
    },
  },
  {
    name: "verify with a wrong code",
    start: "on",
    call: (world) => world.totp.verify(USER, world.wrong()),
    ...USED,
    addsUp: true,
    afterwards: expectOn,
  },
  {
    name: "regenerateBackupCodes with a code",
    start: "on",
    call: (world) => world.totp.regenerateBackupCodes(USER, { proof: { code: world.code() } }),
    outcome: OK,
    events: ["verified", "backup_codes_regenerated"],
    again: USED,
    knowsOwnWrite: true,
    async afterwards(world, { backupCodes }) {
      const old = world.backup(1);
      expect(await world.totp.verify(USER, old)).toEqual(no("wrong_code"));
      if (!backupCodes) return expectNewCodes(world);
      world.enrolled.backupCodes = backupCodes as string[];
      await expectOn(world);
    },
  },
  {
    name: "unlock",
    start: "locked",
    call: ({ totp }) => totp.unlock(USER),
    outcome: { ok: true, changed: true },
    events: ["unlocked"],
    again: { outcome: { ok: true, changed: false }, events: [] },
    afterwards: expectOn,
  },
];
