import type { TotpEvent } from "express-totp-setup";
import { codeAt } from "./service.js";

/** What a service is asked to do, with the codes as they were meant. */
export type Command =
  | { do: "setup"; secret: string; proof: Proof }
  | { do: "confirm"; code: Typed }
  | { do: "verify"; code: Typed }
  | { do: "disable"; proof: Proof }
  | { do: "regenerate"; proof: Proof }
  | { do: "import"; secret: string; usedStep: number | undefined }
  | { do: "unlock" }
  | { do: "status" };

/** A text that somebody typed, and the backup code that it stands for, if it does. */
export interface Typed {
  text: string;
  backupCode?: string;
}

/** `vouched`: by an administrator. `none`: a code is needed and there is none. */
export type Proof = "vouched" | "none" | Typed;

export interface ModelPolicy {
  window: number;
  limit: number;
  lockSeconds: number;
  maxLockSeconds: number;
  pendingSeconds: number;
}

export type ModelEvent = Partial<TotpEvent> & { type: TotpEvent["type"] };

/** What is to be expected of a command. New backup codes are random, so they are told to the model. */
export interface Expected {
  outcome: Record<string, unknown>;
  events: ModelEvent[];
  generatesBackupCodes: boolean;
}

type Verdict = "right" | "wrong" | "malformed" | "locked" | "none";

/**
 * One user of a service, as the documentation has it: written down step by step, with nothing stored and
 * nothing pure, and with the codes of another library.
 */
export class ModelUser {
  pending: { secret: string; until: number } | undefined;
  live: { secret: string; usedStep: number; since: number; provedAt?: number } | undefined;
  backupCodes: string[] = [];
  wrong = 0;
  locks = 0;
  lockedUntil = 0;

  private events: ModelEvent[] = [];

  constructor(private readonly policy: ModelPolicy) {}

  run(command: Command, now: number): Expected {
    this.events = [];
    this.forget(now);
    const outcome = this.answer(command, now);
    const draws = command.do === "confirm" || command.do === "regenerate";
    return { outcome, events: this.events, generatesBackupCodes: draws && outcome.ok === true };
  }

  private answer(command: Command, now: number): Record<string, unknown> {
    switch (command.do) {
      case "status":
        return this.status(now);
      case "setup": {
        const stop = this.stopChange(command.proof, now);
        if (stop) return stop;
        const until = now + this.policy.pendingSeconds * 1000;
        this.pending = { secret: command.secret, until };
        this.events.push({ type: "setup_started", expiresAt: new Date(until) });
        return { ok: true };
      }
      case "confirm":
        return this.confirm(command.code, now);
      case "verify": {
        if (!this.live) return no("not_enabled");
        const verdict = this.judge(command.code, now, "verify");
        if (verdict !== "right") return this.refusal(verdict, now);
        const method = command.code.backupCode === undefined ? "totp" : "backup_code";
        return { ok: true, method, backupCodesRemaining: this.backupCodes.length };
      }
      case "disable": {
        const stop = this.stopChange(command.proof, now);
        if (stop) return stop;
        const wasEnabled = this.live !== undefined;
        if (wasEnabled) this.events.push({ type: "disabled" });
        this.live = this.pending = undefined;
        this.backupCodes = [];
        this.forgive();
        return { ok: true, wasEnabled };
      }
      case "regenerate": {
        const stop = this.stopChange(command.proof, now);
        if (stop) return stop;
        if (!this.live) return no("not_enabled");
        this.events.push({ type: "backup_codes_regenerated" });
        return { ok: true };
      }
      case "import":
        if (this.live) return no("already_enabled");
        this.pending = undefined;
        this.live = { secret: command.secret, usedStep: command.usedStep ?? -1, since: now };
        this.events.push({ type: "imported" });
        return { ok: true, secretBits: 160 };
      case "unlock":
        if (this.wrong > 0 || this.locks > 0) this.events.push({ type: "unlocked" });
        this.forgive();
        return { ok: true };
    }
  }

  private confirm({ text }: Typed, now: number): Record<string, unknown> {
    if (!this.pending) return no("nothing_pending");
    if (now >= this.pending.until) return no("expired");
    if (now < this.lockedUntil) return this.refusal("locked", now);
    const digits = digitsOf(text);
    if (digits === undefined) return no("malformed_code");
    const { secret } = this.pending;
    const step = this.findStep(secret, digits, now, this.policy.window);
    if (step === undefined) {
      this.miss(secret, digits, now, "confirm");
      return no("wrong_code");
    }
    this.live = { secret, usedStep: step, since: now, provedAt: now };
    this.pending = undefined;
    this.forgive();
    this.events.push({ type: "enabled", offset: step - stepOf(now) });
    return { ok: true };
  }

  /** Why a change cannot be made, if it cannot. */
  private stopChange(proof: Proof, now: number): Record<string, unknown> | undefined {
    if (!this.live || proof === "vouched") return undefined;
    if (proof === "none" || proof.text === "") return no("code_required");
    const verdict = this.judge(proof, now, "step_up");
    return verdict === "right" ? undefined : this.refusal(verdict, now);
  }

  private judge(typed: Typed, now: number, purpose: "verify" | "step_up"): Verdict {
    const live = this.live;
    if (!live) return "none";
    const digits = digitsOf(typed.text);
    if (digits === undefined && typed.backupCode === undefined) return "malformed";
    if (now < this.lockedUntil) return "locked";
    if (digits !== undefined) {
      const step = this.findStep(live.secret, digits, now, this.policy.window);
      if (step === undefined) {
        this.miss(live.secret, digits, now, purpose);
        return "wrong";
      }
      const offset = step - stepOf(now);
      if (step <= live.usedStep) {
        this.count({ type: "rejected", purpose, reason: "already_used", offset }, now);
        return "wrong";
      }
      live.usedStep = step;
      this.accept(live, now, { method: "totp", offset, purpose });
      return "right";
    }
    const place = this.backupCodes.indexOf(String(typed.backupCode));
    if (place < 0) {
      this.count({ type: "rejected", purpose, reason: "wrong" }, now);
      return "wrong";
    }
    this.backupCodes.splice(place, 1);
    this.accept(live, now, { method: "backup_code", purpose });
    const left = this.backupCodes.length;
    if (left <= 2) this.events.push({ type: "backup_codes_low", backupCodesRemaining: left });
    return "right";
  }

  private accept(live: { provedAt?: number }, now: number, more: Partial<ModelEvent>): void {
    live.provedAt = now;
    this.forgive();
    const backupCodesRemaining = this.backupCodes.length;
    this.events.push({ type: "verified", ...more, backupCodesRemaining } as ModelEvent);
  }

  private miss(
    secret: string,
    digits: string,
    now: number,
    purpose: "confirm" | "verify" | "step_up",
  ) {
    const near = this.findStep(secret, digits, now, 10);
    const because =
      near === undefined
        ? { reason: "wrong" as const }
        : { reason: "clock_skew" as const, offset: near - stepOf(now) };
    this.count({ type: "rejected", purpose, ...because } as ModelEvent, now);
  }

  private count(event: ModelEvent, now: number): void {
    this.events.push(event);
    this.wrong++;
    if (this.wrong < this.policy.limit) return;
    let seconds = this.policy.lockSeconds;
    for (let i = 0; i < this.locks && seconds < this.policy.maxLockSeconds; i++) seconds *= 2;
    this.lockedUntil = now + Math.min(seconds, this.policy.maxLockSeconds) * 1000;
    this.locks++;
    this.wrong = 0;
    const until = new Date(this.lockedUntil);
    const { purpose } = event as { purpose?: unknown };
    this.events.push({ type: "locked", purpose, until } as ModelEvent);
  }

  private refusal(verdict: Verdict, now: number): Record<string, unknown> {
    if (verdict === "malformed") return no("malformed_code");
    if (verdict === "wrong") return no("wrong_code");
    return { ...no("locked"), retryAfterSeconds: Math.ceil((this.lockedUntil - now) / 1000) };
  }

  /** Where TOTP is off, what has been over for an hour is as if it had never been. */
  private forget(now: number): void {
    const end = Math.max(this.pending?.until ?? 0, this.lockedUntil);
    if (this.live || now < end + 3_600_000) return;
    this.pending = undefined;
    this.forgive();
  }

  private forgive(): void {
    this.wrong = this.locks = this.lockedUntil = 0;
  }

  private status(now: number): Record<string, unknown> {
    const { live, backupCodes } = this;
    const left = backupCodes.length;
    if (live && left <= 2)
      this.events.push({ type: "backup_codes_low", backupCodesRemaining: left });
    return {
      isEnabled: live !== undefined,
      ...(live && { createdAt: new Date(live.since) }),
      ...(live?.provedAt && { verifiedAt: new Date(live.provedAt) }),
      backupCodesRemaining: left,
      ...(now < this.lockedUntil && { lockedUntil: new Date(this.lockedUntil) }),
    };
  }

  /** The latest of the time steps near now whose code this is. */
  private findStep(secret: string, digits: string, now: number, reach: number): number | undefined {
    for (let offset = reach; offset >= -reach; offset--) {
      if (codeAt(secret, now + offset * 30_000) === digits) return stepOf(now) + offset;
    }
    return undefined;
  }
}

function no(reason: string): Record<string, unknown> {
  return { ok: false, reason };
}

function stepOf(now: number): number {
  return Math.floor(now / 30_000);
}

function digitsOf(text: string): string | undefined {
  const digits = text.split(/\s/).join("");
  return /^[0-9]{6}$/.test(digits) ? digits : undefined;
}
