import { begin, secretNo } from "../service.js";
import { type CrashCase, no, OK, USED } from "./case.js";
import {
  expectConfirmable,
  expectConfirmed,
  expectNewCodes,
  expectOff,
  expectOn,
} from "./checks.js";
import { USER } from "./world.js";

export const SETUP_CASES: CrashCase[] = [
  {
    name: "beginSetup",
    start: "nothing",
    call: ({ totp }) => totp.beginSetup(USER),
    outcome: OK,
    events: ["setup_started"],
    addsUp: true,
    afterwards: (world, { secret }) => expectConfirmable(world, secret),
  },
  {
    name: "beginSetup with a code",
    start: "on",
    call: (world) => world.totp.beginSetup(USER, { proof: { code: world.code() } }),
    outcome: OK,
    events: ["verified", "setup_started"],
    again: USED,
    async afterwards(world) {
      const secret = await begin(world.rig, USER, world.nextCode());
      await expectOn(world);
      await expectConfirmable(world, secret);
    },
  },
  {
    name: "resumeSetup",
    start: "pending",
    call: ({ totp, pending }) => totp.resumeSetup(USER, pending),
    outcome: OK,
    events: [],
    readsOnly: true,
    afterwards: (world) => expectConfirmable(world, world.pending),
  },
  {
    name: "confirm",
    start: "pending",
    call: (world) => world.totp.confirm(USER, world.code(world.pending)),
    outcome: OK,
    events: ["enabled"],
    again: { outcome: no("already_enabled"), events: [] },
    knowsOwnWrite: true,
    afterwards: expectConfirmed,
  },
  {
    name: "confirm with a wrong code",
    start: "pending",
    call: (world) => world.totp.confirm(USER, world.wrong()),
    ...USED,
    addsUp: true,
    afterwards: (world) => expectConfirmable(world, world.pending),
  },
  {
    name: "disable with a code",
    start: "on",
    call: (world) => world.totp.disable(USER, { proof: { code: world.code() } }),
    outcome: { ok: true, wasEnabled: true },
    events: ["verified", "disabled"],
    again: { outcome: { ok: true, wasEnabled: false }, events: [] },
    afterwards: expectOff,
  },
  {
    name: "status",
    start: "on",
    call: ({ totp }) => totp.status(USER),
    outcome: { isEnabled: true, backupCodesRemaining: 3 },
    events: [],
    readsOnly: true,
    afterwards: expectOn,
  },
  {
    name: "importEnrollment",
    start: "pending",
    call: ({ totp }) => totp.importEnrollment(USER, { secret: secretNo(5), encoding: "base32" }),
    outcome: OK,
    events: ["imported"],
    again: { outcome: no("already_enabled"), events: [] },
    async afterwards(world) {
      world.enrolled.secret = secretNo(5);
      await expectNewCodes(world);
    },
  },
  {
    name: "reencrypt",
    start: "on",
    call: ({ totp }) => totp.reencrypt(USER),
    outcome: { ok: true, changed: true },
    events: [],
    again: { outcome: { ok: true, changed: false }, events: [] },
    encryptedOnly: true,
    async afterwards(world) {
      expect(await world.store.sound.get(USER)).toMatch(/^totp1\.new\./);
      await expectOn(world);
    },
  },
  {
    name: "reset",
    start: "on",
    call: ({ totp }) => totp.reset(USER),
    outcome: { ok: true, changed: true },
    events: ["reset"],
    again: { outcome: { ok: true, changed: false }, events: [] },
    afterwards: expectOff,
  },
];
