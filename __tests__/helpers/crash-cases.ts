import { randomBytes } from "node:crypto";
import { createMemoryStore, type TotpService } from "express-totp-setup";
import { CrashStore } from "./crash-store.js";
import {
  begin,
  codeAt,
  createRig,
  type Enrolled,
  enroll,
  lock,
  type Rig,
  secretNo,
  TestClock,
  threeCodes,
  wrongCode,
} from "./service.js";

/** What there is of a user before the call. */
export type Start = "nothing" | "pending" | "on" | "locked";

const USER = "ada";
const OPTIONS = { backupCodes: { count: 4 } };
const key = (id: string) => ({ id, key: randomBytes(32).toString("base64") });
const [OLD_KEY, NEW_KEY] = [key("old"), key("new")];

/** A user, and what the user and the user's browser know. */
export class World {
  sessionId = "";
  device = { id: "", token: "" };
  enrolled: Enrolled = { secret: "", backupCodes: [] };
  /** A secret that is pending. */
  pending = "";

  private constructor(
    readonly rig: Rig,
    readonly store: CrashStore,
    /** A process that nothing happens to. */
    readonly other: Rig,
  ) {}

  static async create(start: Start, isEncrypted: boolean): Promise<World> {
    const clock = new TestClock();
    const store = new CrashStore(createMemoryStore({ now: clock.now }));
    const before = { ...OPTIONS, ...(isEncrypted && { encryption: { current: OLD_KEY } }) };
    const after = { current: NEW_KEY, previous: [OLD_KEY] };
    const rig = createRig({ ...OPTIONS, ...(isEncrypted && { encryption: after }), store }, clock);
    const other = createRig({ ...before, store: store.sound }, clock);
    const world = new World(rig, store, other);
    await world.#begin(start);
    return world;
  }

  get totp(): TotpService {
    return this.rig.totp;
  }

  /** The code that the user's authenticator app shows. */
  code(secret = this.enrolled.secret): string {
    return codeAt(secret, this.rig.clock.time);
  }

  /** The one that it shows next. */
  nextCode(secret?: string): string {
    this.rig.clock.advance(30);
    return this.code(secret);
  }

  wrong(): string {
    const { secret } = this.enrolled;
    return wrongCode(this.rig.clock.time, ...[secret, this.pending].filter(Boolean));
  }

  three(): string {
    return threeCodes(this.enrolled.secret, this.rig.clock.time + 90_000);
  }

  backup(index: number): string {
    return String(this.enrolled.backupCodes[index]);
  }

  async #begin(start: Start): Promise<void> {
    const { totp } = this.other;
    if (start === "nothing") return;
    if (start === "pending") {
      this.sessionId = await this.#beginLogin();
      this.pending = await begin(this.other, USER);
      return;
    }
    this.enrolled = await enroll(this.other, USER);
    const device = await totp.trustDevice(USER);
    if (device.ok) this.device = device;
    this.pending = await begin(this.other, USER, this.backup(0));
    this.sessionId = await this.#beginLogin();
    if (start === "locked") await lock(this.other, USER, this.enrolled.secret);
  }

  async #beginLogin(): Promise<string> {
    const begun = await this.other.totp.beginLogin(USER, { mustEnroll: true });
    if (!begun.ok || !begun.isRequired) throw new Error("No login has begun");
    return begun.sessionId;
  }
}

type Answer = Record<string, unknown>;

/** A call of the service, and what its client is promised. */
export interface CrashCase {
  name: string;
  start: Start;
  call(world: World): Promise<unknown>;
  /** Of an undisturbed call, and what it emits. */
  outcome: unknown;
  events: string[];
  /** Of the same call again, after the first has taken effect. The same if left out. */
  again?: { outcome: unknown; events: string[] };
  /** Whether a write that the store's client sends twice has the outcome of the first. */
  knowsOwnWrite?: boolean;
  /** Whether the call takes effect each time that it is made. */
  addsUp?: boolean;
  readsOnly?: boolean;
  encryptedOnly?: boolean;
  /** What the client does after that, with what its last try returned. */
  afterwards(world: World, last: Answer): Promise<void>;
}

const OK = { ok: true };
const no = (reason: string) => ({ ok: false, reason });
const USED = { outcome: no("wrong_code"), events: ["rejected"] };
const UNKNOWN = { outcome: no("unknown_session"), events: [] };

async function expectOn(world: World): Promise<void> {
  const { totp } = world;
  expect((await totp.status(USER)).isEnabled).toBe(true);
  const code = world.nextCode();
  expect(await totp.verify(USER, code)).toMatchObject({ ok: true, method: "totp" });
  expect(await totp.verify(USER, code)).toMatchObject(no("wrong_code"));
  await expectBackupCode(world, world.backup(3));
}

async function expectBackupCode({ totp }: World, code: string): Promise<void> {
  expect(await totp.verify(USER, code)).toMatchObject({ ok: true, method: "backup_code" });
  expect(await totp.verify(USER, code)).toMatchObject(no("wrong_code"));
}

async function expectConfirmable(world: World, secret: unknown): Promise<void> {
  const confirmed = await world.totp.confirm(USER, world.nextCode(String(secret)));
  if (!confirmed.ok) throw new Error(confirmed.reason);
  world.enrolled = { secret: String(secret), backupCodes: confirmed.backupCodes };
  await expectOn(world);
}

/** TOTP is on by the pending secret, whether its user has seen the backup codes or not. */
async function expectConfirmed(world: World, { backupCodes }: Answer): Promise<void> {
  world.enrolled.secret = world.pending;
  if (!backupCodes) return expectNewCodes(world);
  world.enrolled.backupCodes = backupCodes as string[];
  await expectOn(world);
}

async function expectNewCodes(world: World): Promise<void> {
  const proof = { code: world.nextCode() };
  const made = await world.totp.regenerateBackupCodes(USER, { proof });
  if (!made.ok) throw new Error(made.reason);
  world.enrolled.backupCodes = made.backupCodes;
  await expectOn(world);
}

async function expectLogin(world: World, sessionId: unknown): Promise<void> {
  const { totp } = world;
  const completed = await totp.completeLogin(String(sessionId), world.nextCode());
  expect(completed).toMatchObject({ ok: true, userId: USER });
  // Used up: also for another code.
  expect(await totp.completeLogin(String(sessionId), world.nextCode())).toEqual(
    no("unknown_session"),
  );
  await expectOn(world);
}

async function expectAnotherLogin(world: World): Promise<void> {
  expect(await world.totp.completeLogin(world.sessionId, world.nextCode())).toEqual(
    no("unknown_session"),
  );
  const begun = await world.totp.beginLogin(USER);
  await expectLogin(world, (begun as Answer).sessionId);
}

async function expectOff(world: World): Promise<void> {
  const { totp } = world;
  expect(await totp.status(USER)).toEqual({ isEnabled: false, backupCodesRemaining: 0 });
  expect(await totp.verify(USER, world.nextCode())).toEqual(no("not_enabled"));
  expect(await totp.listDevices(USER)).toEqual([]);
  expect(await totp.completeLogin(world.sessionId, world.code())).toEqual(no("unknown_session"));
  await expectConfirmable(world, await begin(world.rig, USER));
}

async function isTrusted({ totp }: World, deviceToken: unknown): Promise<boolean> {
  const begun = await totp.beginLogin(USER, { deviceToken: String(deviceToken) });
  return !begun.isRequired;
}

export const CRASH_CASES: CrashCase[] = [
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
    name: "disable with a code",
    start: "on",
    call: (world) => world.totp.disable(USER, { proof: { code: world.code() } }),
    outcome: { ok: true, wasEnabled: true },
    events: ["verified", "disabled"],
    again: { outcome: { ok: true, wasEnabled: false }, events: [] },
    afterwards: expectOff,
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
    name: "unlock",
    start: "locked",
    call: ({ totp }) => totp.unlock(USER),
    outcome: OK,
    events: ["unlocked"],
    again: { outcome: OK, events: [] },
    afterwards: expectOn,
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
