import type { TotpEvent } from "express-totp-setup";
import { codeAt } from "./service.js";

/** A call of a service, with the codes as they were meant. */
export type Command =
  | { do: "setup"; secret: string; proof: Proof }
  | { do: "resume"; secret: string }
  | { do: "confirm" | "verify"; code: Typed }
  | { do: "disable" | "regenerate"; proof: Proof }
  | { do: "import"; secret: string; usedStep: number | undefined }
  | { do: "unlock" | "reencrypt" | "status" }
  /** Whether the store has a value. */
  | { do: "reset"; isKept: boolean };

/** A text that somebody typed, and the backup code that it stands for, if it does. */
export interface Typed {
  text: string;
  backupCode?: string;
}

/** `none`: nothing vouches for the change. */
export type Proof = "trusted" | "none" | Typed;

export interface ModelPolicy {
  window: number;
  pendingSeconds: number;
}

export type ModelEvent = Partial<TotpEvent> & { type: TotpEvent["type"] };

/** What to expect of a command. New backup codes are random, so the model is given them. */
export interface Expected {
  outcome: Record<string, unknown>;
  events: ModelEvent[];
  generatesBackupCodes: boolean;
}

type Outcome = Record<string, unknown>;
type Purpose = "confirm" | "verify" | "step_up";

const HOUR = 3_600_000;
const WEEK = 7 * 24 * HOUR;
/** Wrong codes are forgiven at this pace: 20 a week. */
const PER_WRONG_CODE = WEEK / 20;

/**
 * One user of a service, as the documentation has it: written down step by step, with nothing stored and
 * nothing pure, and with the codes of another library.
 */
export class ModelUser {
  /** Oldest first. Kept when all have expired: a confirmation that comes late is refused as such. */
  pending:
    | { secrets: { secret: string; until: number }[]; until: number; wrong: number }
    | undefined;
  live: { secret: string; usedStep: number; since: number; provedAt?: number } | undefined;
  backupCodes: string[] = [];

  /** Since the last accepted code. */
  private wrong = 0;
  private lockedUntil = 0;
  /** The weekly allowance as a bucket: each wrong code fills it, and it leaks a millisecond a millisecond. */
  private spent = 0;
  private spentAt = 0;
  private emptyAt = 0;
  private reportedAt = Number.NEGATIVE_INFINITY;
  /** Secrets with time steps whose codes were told to be right at another time. */
  private readonly announced = new Set<string>();

  private events: ModelEvent[] = [];

  constructor(private readonly policy: ModelPolicy) {}

  run(command: Command, now: number): Expected {
    this.events = [];
    this.spent = Math.max(0, this.spent - (now - this.spentAt));
    this.spentAt = now;
    this.forgetPending(now);
    const outcome = this.outcomeOf(command, now);
    const by = isTrusted(command) ? "trusted" : "user";
    const events = this.events.map((event) => ({ ...event, by }) as ModelEvent);
    const generates = command.do === "confirm" || command.do === "regenerate";
    return { outcome, events, generatesBackupCodes: generates && outcome.ok === true };
  }

  /** The newest pending secret that can still be confirmed. */
  get newest(): string | undefined {
    return this.pending?.secrets.at(-1)?.secret;
  }

  private outcomeOf(command: Command, now: number): Outcome {
    switch (command.do) {
      case "setup":
        return this.change(command.proof, now, () => this.setUp(command.secret, now));
      case "resume": {
        const found = this.confirmable(now).find(({ secret }) => secret === command.secret);
        if (!found) return no("nothing_pending");
        return { ok: true, secret: found.secret, expiresAt: new Date(found.until) };
      }
      case "confirm":
        return this.confirm(command.code.text, now);
      case "verify":
        return this.live ? this.accept(command.code, now, "verify") : no("not_enabled");
      case "disable":
        return this.change(command.proof, now, () => this.disable());
      case "regenerate":
        if (!this.live) return no("not_enabled");
        return this.change(command.proof, now, () => {
          this.events.push({ type: "backup_codes_regenerated" });
          return { ok: true };
        });
      case "import":
        if (this.live) return no("already_enabled");
        this.pending = undefined;
        this.live = { secret: command.secret, usedStep: command.usedStep ?? -1, since: now };
        this.backupCodes = [];
        this.events.push({ type: "imported" });
        return { ok: true, secretBits: 160 };
      case "unlock":
        return { ok: true, changed: this.endLock() };
      case "reset":
        this.live = this.pending = undefined;
        this.backupCodes = [];
        this.forgive();
        if (command.isKept) this.events.push({ type: "reset" });
        return { ok: true, changed: command.isKept };
      case "reencrypt":
        return { ok: true };
      case "status":
        return this.status(now);
    }
  }

  /** While TOTP is on, a change needs something that vouches for it. */
  private change(proof: Proof, now: number, make: () => Outcome): Outcome {
    if (!this.live || proof === "trusted") return make();
    if (proof === "none" || proof.text === "") return no("code_required");
    const accepted = this.accept(proof, now, "step_up");
    return accepted.ok ? make() : accepted;
  }

  private setUp(secret: string, now: number): Outcome {
    const until = now + this.policy.pendingSeconds * 1000;
    const secrets = [...this.confirmable(now), { secret, until }].slice(-3);
    this.pending = { secrets, until, wrong: 0 };
    this.events.push({ type: "setup_started", expiresAt: new Date(until) });
    return { ok: true };
  }

  private disable(): Outcome {
    const wasEnabled = this.live !== undefined;
    if (wasEnabled) this.events.push({ type: "disabled" });
    if (this.live || this.pending) this.wrong = this.lockedUntil = 0;
    this.live = this.pending = undefined;
    this.backupCodes = [];
    return { ok: true, wasEnabled };
  }

  private confirmable(now: number): { secret: string; until: number }[] {
    return this.pending?.secrets.filter(({ until }) => now < until) ?? [];
  }

  private confirm(text: string, now: number): Outcome {
    if (!this.pending) return no(this.live ? "already_enabled" : "nothing_pending");
    const secrets = this.confirmable(now).map(({ secret }) => secret);
    if (secrets.length === 0) return no("expired");
    const digits = digitsOf(text);
    if (digits?.length !== 6) return no("malformed_code");
    for (const secret of secrets.toReversed()) {
      const offset = this.offsetOf(secret, digits, now);
      if (offset === undefined || Math.abs(offset) > this.policy.window) continue;
      if (this.announced.has(`${secret} ${stepOf(now) + offset}`)) continue;
      const wasEnabled = this.live !== undefined;
      this.live = { secret, usedStep: stepOf(now) + offset, since: now, provedAt: now };
      this.pending = undefined;
      this.events.push({ type: "enabled", wasEnabled, offset });
      return { ok: true };
    }
    return this.missConfirmation(secrets, digits, now);
  }

  private missConfirmation(secrets: string[], digits: string, now: number): Outcome {
    const skewed = secrets.toReversed().find((secret) => {
      const offset = this.offsetOf(secret, digits, now);
      return offset !== undefined && Math.abs(offset) > this.policy.window;
    });
    const offset = skewed === undefined ? undefined : this.offsetOf(skewed, digits, now);
    if (offset !== undefined) this.announced.add(`${skewed} ${stepOf(now) + offset}`);
    const reason = offset === undefined ? "wrong" : "clock_skew";
    this.reject("confirm", reason, offset);
    if (this.pending && ++this.pending.wrong === 10) {
      this.pending.secrets = [];
      return no("expired");
    }
    if (offset === undefined) return no("wrong_code");
    return { ...no("clock_skew"), offsetSeconds: offset * 30 };
  }

  /** A code that was right is used up. */
  private accept(typed: Typed, now: number, purpose: "verify" | "step_up"): Outcome {
    const digits = digitsOf(typed.text);
    if (typed.backupCode !== undefined)
      return this.acceptBackupCode(typed.backupCode, now, purpose);
    if (digits?.length === 6) return this.acceptTotp(digits, now, purpose);
    if (digits?.length === 18) return this.acceptThree(digits, now, purpose);
    return no("malformed_code");
  }

  private acceptTotp(digits: string, now: number, purpose: Purpose): Outcome {
    const { live } = this;
    const end = this.lockEnd(now);
    if (!live || now < end) return this.refuseLocked(end, now, purpose);
    const offset = this.offsetOf(live.secret, digits, now);
    const step = stepOf(now) + (offset ?? 0);
    if (offset !== undefined && step <= live.usedStep) {
      this.reject(purpose, "already_used", offset);
      return no("wrong_code");
    }
    if (offset !== undefined && Math.abs(offset) <= this.policy.window) {
      live.usedStep = step;
      return this.letIn({ purpose, method: "totp", offset }, now);
    }
    this.reject(purpose, offset === undefined ? "wrong" : "clock_skew", offset);
    this.countWrong(now, purpose);
    return no("wrong_code");
  }

  private acceptThree(digits: string, now: number, purpose: Purpose): Outcome {
    const { live } = this;
    for (let last = 20; live && last >= -18; last--) {
      const three = [last - 2, last - 1, last].map((offset) =>
        codeAt(live.secret, now + offset * 30_000),
      );
      if (three.join("") !== digits || stepOf(now) + last - 2 <= live.usedStep) continue;
      live.usedStep = stepOf(now) + last;
      const clockOffsetSeconds = last * 30;
      const how = { purpose, method: "three_codes", offset: last, clockOffsetSeconds } as const;
      return { ...this.letIn(how, now), clockOffsetSeconds };
    }
    this.reject(purpose, "wrong");
    return no("wrong_code");
  }

  private acceptBackupCode(code: string, now: number, purpose: Purpose): Outcome {
    const place = this.backupCodes.indexOf(code);
    if (place < 0) {
      this.reject(purpose, "wrong");
      return no("wrong_code");
    }
    this.backupCodes.splice(place, 1);
    const outcome = this.letIn({ purpose, method: "backup_code" }, now);
    const left = this.backupCodes.length;
    if (left === 2) this.events.push({ type: "backup_codes_low", backupCodesRemaining: left });
    return outcome;
  }

  /** Clears the count of wrong codes, and not what they spent of the allowance. */
  private letIn(how: Partial<ModelEvent> & { method: string }, now: number): Outcome {
    const backupCodesRemaining = this.backupCodes.length;
    const more = { backupCodesRemaining, wrongCodesBefore: this.wrong };
    this.events.push({ type: "verified", ...how, ...more } as ModelEvent);
    this.wrong = this.lockedUntil = 0;
    if (this.live) this.live.provedAt = now;
    return { ok: true, method: how.method, backupCodesRemaining };
  }

  private countWrong(now: number, purpose: Purpose): void {
    this.wrong++;
    this.spent += PER_WRONG_CODE;
    this.emptyAt = now + this.spent;
    if (this.wrong % 5 === 0) this.lockedUntil = now + HOUR / 4;
    const end = this.lockEnd(now);
    if (now < end)
      this.events.push({ type: "locked", purpose, until: new Date(end) } as ModelEvent);
  }

  /** The bucket must have room for one more wrong code. */
  private lockEnd(now: number): number {
    return Math.max(this.lockedUntil, now + this.spent + PER_WRONG_CODE - WEEK);
  }

  private refuseLocked(end: number, now: number, purpose: Purpose): Outcome {
    if (now >= this.reportedAt + 60_000) {
      this.reportedAt = now;
      const until = new Date(end);
      this.events.push({ type: "refused_while_locked", purpose, until } as ModelEvent);
    }
    return { ...no("locked"), retryAfterSeconds: Math.ceil((end - now) / 1000) };
  }

  private reject(purpose: Purpose, reason: string, offset?: number): void {
    const at = offset === undefined ? {} : { offset };
    this.events.push({ type: "rejected", purpose, reason, ...at } as ModelEvent);
  }

  private endLock(): boolean {
    const isChange = this.wrong > 0 || this.spent > 0;
    if (isChange) this.events.push({ type: "unlocked" });
    this.forgive();
    return isChange;
  }

  private forgive(): void {
    this.wrong = this.lockedUntil = this.spent = this.emptyAt = 0;
    this.reportedAt = Number.NEGATIVE_INFINITY;
  }

  /** While TOTP is off, what has been over for an hour is as if it had never been. */
  private forgetPending(now: number): void {
    const end = Math.max(this.pending?.until ?? 0, this.lockedUntil, this.emptyAt);
    if (!this.live && now >= end + HOUR) this.pending = undefined;
  }

  private status(now: number): Outcome {
    const { live } = this;
    const end = this.lockEnd(now);
    return {
      isEnabled: live !== undefined,
      ...(live && { createdAt: new Date(live.since) }),
      ...(live?.provedAt && { verifiedAt: new Date(live.provedAt) }),
      backupCodesRemaining: this.backupCodes.length,
      ...(live && now < end && { lockedUntil: new Date(end) }),
    };
  }

  /** How many steps off a code is: the latest within the window, else ahead of it, else behind it. */
  private offsetOf(secret: string, digits: string, now: number): number | undefined {
    const { window } = this.policy;
    const places = [down(window, -window), down(20, window + 1), down(-window - 1, -20)].flat();
    return places.find((offset) => codeAt(secret, now + offset * 30_000) === digits);
  }
}

function down(from: number, to: number): number[] {
  return Array.from({ length: from - to + 1 }, (_, i) => from - i);
}

function isTrusted(command: Command): boolean {
  if ("proof" in command) return command.proof === "trusted";
  return ["import", "unlock", "reset"].includes(command.do);
}

function no(reason: string): Outcome {
  return { ok: false, reason };
}

function stepOf(now: number): number {
  return Math.floor(now / 30_000);
}

/** What is left of a text without spaces and hyphens, if it is digits. */
function digitsOf(text: string): string | undefined {
  const digits = text.length <= 128 ? text.split(/[\s-]/).join("") : "";
  return /^[0-9]+$/.test(digits) ? digits : undefined;
}
