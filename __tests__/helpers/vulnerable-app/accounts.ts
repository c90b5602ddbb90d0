import { createHash, randomBytes } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import { codeAt, TestClock } from "../service.js";
import type { HasBug } from "./bugs.js";

export interface Account {
  email: string;
  /** Undefined while two-factor is off. */
  secret?: string | undefined;
  pending?: string | undefined;
  /** Time step of the last accepted code, by call if that is the bug. */
  lastSteps: Map<string, number>;
  usedTexts: Set<string>;
  wrong: Map<string, number>;
  lockedUntil: Map<string, number>;
  backupCodes: Set<string>;
  /** When a code was last accepted in any session, if that is the bug. */
  codeAt?: number;
}

/** Where a code comes from. */
export interface Guess {
  call: string;
  sessionId: string;
  address: string;
  userAgent: string;
}

const STEP_MS = 30_000;
const MOST_WRONG = 5;
const LOCK_MS = 15 * 60_000;

let secrets = 0;

/** Not random: now and then, two users would have the same code, and another test of the kit would fail. */
export function newSecret(): string {
  secrets += 1;
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bytes = createHash("sha256").update(`secret ${secrets}`).digest();
  return [...bytes].map((byte) => alphabet[byte & 31]).join("");
}

/** The accounts of the app. Verifies their codes. */
export class Accounts {
  readonly clock = new TestClock();
  readonly #byEmail = new Map<string, Account>();

  constructor(readonly has: HasBug) {}

  add(secret?: string): Account {
    const account: Account = {
      email: `${randomBytes(6).toString("hex")}@example.com`,
      secret,
      lastSteps: new Map(),
      usedTexts: new Set(),
      wrong: new Map(),
      lockedUntil: new Map(),
      backupCodes: new Set(),
    };
    if (secret) this.giveBackupCodes(account);
    this.#byEmail.set(account.email, account);
    return account;
  }

  find(email: unknown): Account | undefined {
    return this.#byEmail.get(String(email));
  }

  giveBackupCodes(account: Account): string[] {
    const codes = Array.from({ length: 3 }, () => randomBytes(8).toString("hex").toUpperCase());
    account.backupCodes = new Set(codes);
    return codes;
  }

  /** Confirms a setup with the current code, which is then used. */
  confirm(account: Account): string {
    const code = this.right(String(account.secret));
    this.markUsed(account, code, Math.floor(this.clock.time / STEP_MS), "sign-in");
    return code;
  }

  /** Returns the account whose phone shows the code. */
  ownerOf(code: unknown): Account | undefined {
    return [...this.#byEmail.values()].find(({ secret }) => secret && this.stepOf(secret, code));
  }

  right(secret: string): string {
    return codeAt(secret, this.clock.time);
  }

  stepOf(secret: string, code: unknown): number | undefined {
    const now = Math.floor(this.clock.time / STEP_MS);
    const most = this.has("accepts codes of an hour") ? 60 : 1;
    const steps = Array.from({ length: 2 * most + 1 }, (_, index) => now + most - index);
    return steps.find((step) => codeAt(secret, step * STEP_MS) === code);
  }

  /** Verifies what was sent as the code. */
  async verify(account: Account, given: unknown, guess: Guess): Promise<boolean> {
    const { has } = this;
    if (!account.secret) return false;
    if (this.isSkipped(given, account)) return true;
    if (has("tries each element") && Array.isArray(given)) {
      return given.some((each) => this.stepOf(String(account.secret), each) !== undefined);
    }
    if (typeof given !== "string") return false;
    const key = this.#countedBy(guess);
    const isLocked = (account.lockedUntil.get(key) ?? 0) > this.clock.time;
    if (isLocked && !has("ends the lock with a right code")) return false;
    const isRight = await this.#accept(account, given, guess.call);
    if (isLocked) {
      if (isRight) account.lockedUntil.clear();
      return false;
    }
    if (!isRight) await this.#countWrong(account, key, guess);
    else account.wrong.clear();
    return isRight;
  }

  /** Whether the verification is skipped for what was sent as the code. */
  isSkipped(given: unknown, account: Account): boolean {
    const { has } = this;
    if (has("skips a missing code") && given === undefined) return true;
    if (has("skips an empty code") && given === "") return true;
    if (has("skips null") && given === null) return true;
    if (has("compares loosely") && given === true) return true;
    const isQuery = typeof given === "object" && given !== null && "$ne" in given;
    return has("passes the code to a query") && isQuery && account.secret !== given.$ne;
  }

  async #accept(account: Account, given: string, call: string): Promise<boolean> {
    const { has } = this;
    if (has("refuses right codes")) return false;
    if (has("refuses right codes after the sign-in") && call !== "sign-in") return false;
    if (has("accepts any code")) return /^\d{6}$/.test(given);
    const backup = await this.#acceptBackup(account, given, call);
    if (backup !== undefined) return backup;
    const code = fold(given.replace(/[ -]/g, ""));
    const secrets = has("accepts codes of all users")
      ? [...this.#byEmail.values()].flatMap(({ secret }) => secret ?? [])
      : [account.secret ?? ""];
    const step = secrets.map((secret) => this.stepOf(secret, code)).find(Boolean);
    if (step === undefined || this.#isUsed(account, given, step, call)) return false;
    if (has("marks codes as used too late")) await setImmediate();
    this.markUsed(account, given, step, call);
    return true;
  }

  markUsed(account: Account, given: string, step: number, call: string): void {
    account.lastSteps.set(this.#usedAt(call), step);
    account.usedTexts.add(this.#rememberedAs(given));
  }

  #isUsed(account: Account, given: string, step: number, call: string): boolean {
    const { has } = this;
    if (has("accepts used codes")) return false;
    if (
      has("strips spaces after it has looked for used codes") ||
      has("folds digits after it has looked for used codes")
    ) {
      const last = account.lastSteps.get("all") ?? 0;
      return account.usedTexts.has(this.#rememberedAs(given)) || step < last;
    }
    const last = account.lastSteps.get(this.#usedAt(call)) ?? 0;
    return has("remembers only the very last code") ? step === last : step <= last;
  }

  #usedAt(call: string): string {
    return this.has("remembers used codes for each call") ? call : "all";
  }

  #rememberedAs(given: string): string {
    if (this.has("strips spaces after it has looked for used codes")) return fold(given);
    return given.replaceAll(" ", "");
  }

  async #acceptBackup(account: Account, given: string, call: string) {
    const { has } = this;
    const code = given.replace(/[ -]/g, "").toUpperCase();
    if (code.length !== 16 || call !== "sign-in") return undefined;
    const all = has("accepts backup codes of all users") ? [...this.#byEmail.values()] : [account];
    const owner = all.find(({ backupCodes }) => backupCodes.has(code));
    if (has("deletes backup codes too late")) await setImmediate();
    if (!has("keeps used backup codes")) owner?.backupCodes.delete(code);
    return owner !== undefined;
  }

  #countedBy({ sessionId, address, userAgent }: Guess): string {
    if (this.has("counts by session")) return sessionId;
    if (this.has("counts by address")) return address;
    return this.has("counts by user agent") ? userAgent : "account";
  }

  async #countWrong(account: Account, key: string, { call }: Guess): Promise<void> {
    const { has } = this;
    if (has("never locks")) return;
    if (has("counts wrong codes of sign-ins only") && call !== "sign-in") return;
    const count = account.wrong.get(key) ?? 0;
    if (has("loses counts")) await setImmediate();
    account.wrong.set(key, count + 1);
    if (count + 1 >= MOST_WRONG) account.lockedUntil.set(key, this.clock.time + LOCK_MS);
  }
}

function fold(text: string): string {
  return text.replace(/[\uff10-\uff19]/g, (digit) =>
    String.fromCharCode(digit.charCodeAt(0) - 0xfee0),
  );
}
