import { randomBytes } from "node:crypto";
import { createMemoryStore, type TotpService } from "express-totp-setup";
import {
  begin,
  codeAt,
  createRig,
  type Enrolled,
  enroll,
  lock,
  type Rig,
  TestClock,
  threeCodes,
  wrongCode,
} from "../service.js";
import { CrashStore } from "./store.js";

/** What there is of a user before the call. */
export type Start = "nothing" | "pending" | "on" | "locked";

export const USER = "ada";
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
