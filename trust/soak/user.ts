import { randomUUID } from "node:crypto";
import type { Question } from "../../__tests__/helpers/fleet/ask.js";
import { codeAt } from "../../__tests__/helpers/service.js";
import type { Random } from "../random.js";
import type { Exchange, Site } from "./site.js";

const STEP_MS = 30_000;

/** TOTP is off, or nobody has been told that it is on. */
interface Off {
  is: "off";
}

/** TOTP is on, by all that the user was told. */
export interface On {
  is: "on";
  secret: string;
  /** Backup codes that were not sent. */
  unused: string[];
  /** Backup codes that were accepted, or that others have replaced. */
  void: string[];
  /** Whether the backup codes may have been replaced by others that nobody has seen. */
  isReplaced: boolean;
  /** Whether codes were sent whose fate is not known, so that fewer may be left. */
  isFewer: boolean;
  /** Tokens of trusted devices, by their labels. */
  devices: Map<string, string>;
  /** Tokens that were revoked. */
  revoked: string[];
  /** Login sessions that were completed. */
  completed: string[];
}

/** A change was not acknowledged: both possibilities are kept. */
interface Unsure {
  is: "unsure";
  /** One of these secrets is enabled, if TOTP is on. */
  secrets: string[];
  canBeOff: boolean;
}

/** What a user knows, and what the user's phone shows. */
export class User {
  readonly id = randomUUID();
  state: Off | On | Unsure = { is: "off" };
  /** Refused because of wrong codes; an administrator has to help. */
  isLocked = false;
  /** Of imports that were not acknowledged: they may take effect later, while TOTP is off. */
  readonly imported: string[] = [];
  readonly #sent = new Map<string, number>();

  constructor(
    readonly site: Site,
    readonly random: Random,
  ) {}

  async ask(question: Question): Promise<Exchange> {
    return this.#look(await this.site.ask(question));
  }

  /** Sends a code that was never sent. `undefined` if the phone shows none at this time. */
  async sendCode(
    secret: string,
    question: (code: string) => Question,
    { isRace = false } = {},
  ): Promise<Exchange | undefined> {
    const step = this.#freshStep(secret);
    if (step === undefined) return undefined;
    this.#sent.set(secret, step);
    return this.#sendStep(secret, step, question, isRace);
  }

  /** Sends the code again that was accepted last. */
  async sendUsedCode(secret: string, question: (code: string) => Question): Promise<void> {
    const step = this.site.promises.lastStep(secret);
    if (step >= 0) await this.#sendStep(secret, step, question, false);
  }

  /** Whether it may have taken effect although it was not acknowledged. */
  isUnknown({ status, wasDisturbed }: Exchange): boolean {
    if (status === 0 || status >= 500) return true;
    // ioredis sends a write again when the connection breaks, and the second one is refused.
    return status >= 300 && wasDisturbed && this.site.name === "Redis";
  }

  lose(what: string): void {
    this.site.promises.lose(this.id, what);
  }

  async #sendStep(
    secret: string,
    step: number,
    question: (code: string) => Question,
    isRace: boolean,
  ): Promise<Exchange> {
    const { promises } = this.site;
    const before = promises.lastStep(secret);
    const asked = question(codeAt(secret, step * STEP_MS));
    const all = isRace ? await this.site.askAll(asked) : [await this.site.ask(asked)];
    for (const each of all) {
      this.#look(each);
      if (each.status === 200) promises.acceptStep(this.id, secret, step, before);
    }
    return bestOf(all);
  }

  #look(exchange: Exchange): Exchange {
    const { reason } = exchange.body;
    if (reason === "locked") this.isLocked = true;
    if (reason === "not_enabled" && this.state.is === "on") this.lose("read as not enabled");
    return exchange;
  }

  #freshStep(secret: string): number | undefined {
    const current = Math.floor(this.site.now / STEP_MS);
    const step = Math.max(current, (this.#sent.get(secret) ?? -1) + 1);
    return step <= current + 1 ? step : undefined;
  }
}

/** Of the responses to a race: the one that was accepted, else one whose effect is not known. */
export function bestOf(all: readonly Exchange[]): Exchange {
  const failed = (each: Exchange) => each.status === 0 || each.status >= 500;
  return (all.find(({ status }) => status === 200) ?? all.find(failed) ?? all[0]) as Exchange;
}
