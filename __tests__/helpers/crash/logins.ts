import { begin } from "../service.js";
import { type CrashCase, no, OK, UNKNOWN, USED } from "./case.js";
import { expectAnotherLogin, expectConfirmed, expectLogin, expectOn, isTrusted } from "./checks.js";
import { USER } from "./world.js";

export const LOGIN_CASES: CrashCase[] = [
  {
    name: "beginLogin",
    start: "on",
    call: ({ totp }) => totp.beginLogin(USER),
    outcome: { ok: true, isRequired: true },
    events: ["login_begun"],
    knowsOwnWrite: true,
    afterwards: (world, { sessionId }) => expectLogin(world, sessionId),
  },
  {
    name: "beginLogin that has to enroll",
    start: "nothing",
    call: ({ totp }) => totp.beginLogin(USER, { mustEnroll: true }),
    outcome: { ok: true, isRequired: true, mustEnroll: true },
    events: ["login_begun"],
    knowsOwnWrite: true,
    async afterwards(world, { sessionId }) {
      const secret = await begin(world.rig, USER);
      const code = world.code(secret);
      const completed = await world.totp.completeLogin(String(sessionId), code);
      if (!completed.ok) throw new Error(completed.reason);
      world.enrolled = { secret, backupCodes: completed.backupCodes ?? [] };
      await expectOn(world);
    },
  },
  {
    name: "beginLogin with a device token",
    start: "on",
    call: ({ totp, device }) => totp.beginLogin(USER, { deviceToken: device.token }),
    outcome: { ok: true, isRequired: false },
    events: ["login_by_device"],
    readsOnly: true,
    afterwards: expectOn,
  },
  {
    name: "completeLogin",
    start: "on",
    call: (world) => world.totp.completeLogin(world.sessionId, world.code()),
    outcome: { ok: true, userId: USER, method: "totp" },
    events: ["verified"],
    again: UNKNOWN,
    afterwards: expectAnotherLogin,
  },
  {
    name: "completeLogin with a backup code",
    start: "on",
    call: (world) => world.totp.completeLogin(world.sessionId, world.backup(1)),
    outcome: { ok: true, userId: USER, method: "backup_code" },
    events: ["verified", "backup_codes_low"],
    again: UNKNOWN,
    async afterwards(world) {
      expect(await world.totp.verify(USER, world.backup(1))).toEqual(no("wrong_code"));
      await expectAnotherLogin(world);
    },
  },
  {
    name: "completeLogin with a wrong code",
    start: "on",
    call: (world) => world.totp.completeLogin(world.sessionId, world.wrong()),
    ...USED,
    addsUp: true,
    afterwards: (world) => expectLogin(world, world.sessionId),
  },
  {
    name: "completeLogin that has to enroll",
    start: "pending",
    call: (world) => world.totp.completeLogin(world.sessionId, world.code(world.pending)),
    outcome: { ok: true, userId: USER, method: "totp" },
    events: ["enabled"],
    again: UNKNOWN,
    knowsOwnWrite: true,
    afterwards: expectConfirmed,
  },
  {
    name: "findLogin",
    start: "on",
    call: ({ totp, sessionId }) => totp.findLogin(sessionId),
    outcome: { userId: USER, mustEnroll: false },
    events: [],
    readsOnly: true,
    afterwards: (world) => expectLogin(world, world.sessionId),
  },
  {
    name: "trustDevice",
    start: "on",
    call: ({ totp }) => totp.trustDevice(USER, { label: "Laptop" }),
    outcome: OK,
    events: ["device_trusted"],
    knowsOwnWrite: true,
    async afterwards(world, { id, token }) {
      expect(await isTrusted(world, token)).toBe(true);
      expect(await isTrusted(world, world.device.token)).toBe(true);
      // Also one whose token nobody has got can be revoked.
      for (const device of await world.totp.listDevices(USER)) {
        await world.totp.revokeDevice(USER, device.id);
        if (device.id === id) expect(await isTrusted(world, token)).toBe(false);
      }
      expect(await world.totp.listDevices(USER)).toEqual([]);
      await expectOn(world);
    },
  },
  {
    name: "listDevices",
    start: "on",
    call: ({ totp }) => totp.listDevices(USER),
    outcome: [{ expiresAt: expect.any(Date) }],
    events: [],
    readsOnly: true,
    afterwards: expectOn,
  },
  {
    name: "revokeDevice",
    start: "on",
    call: ({ totp, device }) => totp.revokeDevice(USER, device.id),
    outcome: OK,
    events: ["device_revoked"],
    again: { outcome: OK, events: [] },
    async afterwards(world) {
      expect(await isTrusted(world, world.device.token)).toBe(false);
      await expectLogin(world, world.sessionId);
    },
  },
  {
    name: "revokeDevices",
    start: "on",
    call: ({ totp }) => totp.revokeDevices(USER),
    outcome: OK,
    events: ["device_revoked"],
    again: { outcome: OK, events: [] },
    async afterwards(world) {
      expect(await isTrusted(world, world.device.token)).toBe(false);
      await expectAnotherLogin(world);
    },
  },
];
