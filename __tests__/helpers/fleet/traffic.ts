import { randomUUID } from "node:crypto";
import { generateSecret } from "express-totp-setup";
import type { Answer, Question } from "./ask.js";
import { codeNow, enrollAll, type Member } from "./enrolled.js";
import type { Fleet } from "./fleet.js";
import { Ledger } from "./ledger.js";
import * as questions from "./questions.js";

const MEMBERS = 30;
const NEWCOMERS = 4;
const IMPORTED = 2;
/** Long enough for no code to be right in two of them. */
const NEXT_MOMENT_SECONDS = 1800;

/** A secret that was shown to a user, or imported, without a response that says that it is enabled. */
interface Begun {
  user: string;
  secret: string;
  isImported: boolean;
}

/** Users who sign in, enroll, are imported and administered, and what all of them were answered. */
export class Traffic {
  readonly ledger = new Ledger();
  readonly members: Member[] = [];
  /** Secrets whose confirmation or import was not answered. */
  readonly begun: Begun[] = [];
  /** The code of each member in this moment. */
  #codes = new Map<string, string>();

  constructor(readonly fleet: Fleet) {}

  async enroll(): Promise<void> {
    this.members.push(...(await enrollAll(this.fleet, MEMBERS)));
  }

  /** A later time, with another code for each; for every fourth a backup code, as long as there are any. */
  async nextMoment(withBackupCodes: boolean): Promise<void> {
    await this.fleet.advance(NEXT_MOMENT_SECONDS);
    this.#codes = new Map(
      this.members.map((member, index) => {
        const backupCode = withBackupCodes && index % 4 === 0 && member.backupCodes.pop();
        return [member.user, backupCode || codeNow(this.fleet, member)];
      }),
    );
  }

  /**
   * Sends each member's code to all workers at once, has others enroll or be imported, and has an
   * administrator unlock and re-encrypt. Tells how much failed.
   */
  async wave(): Promise<number> {
    const before = this.ledger.failures;
    const logins = this.members.map(({ user }) => this.#login(user));
    const newcomers = Array.from({ length: NEWCOMERS }, (_, i) => this.#comeNew(i));
    const imported = Array.from({ length: IMPORTED }, (_, i) => this.#import(i, newcomer()));
    const administered = this.members.map(({ user }, i) => this.#administer(i, user));
    await Promise.all([...logins, ...newcomers, ...imported, ...administered]);
    return this.ledger.failures - before;
  }

  /** Members whose code of this moment was not accepted. */
  get waiting(): string[] {
    const isWaiting = (user: string, code: string) =>
      this.ledger.accepted(user, this.#nameOf(code)) === 0;
    return [...this.#codes].filter((each) => isWaiting(...each)).map(([user]) => user);
  }

  /** Confirms or imports what was not answered; what cannot be confirmed was never saved. */
  async settle(): Promise<void> {
    for (const begun of this.begun.splice(0)) {
      const { user, secret } = begun;
      // Written, but the answer was lost on its way.
      if (await this.isEnabled(user)) this.members.push({ user, secret, backupCodes: [] });
      else if (begun.isImported) await this.#import(1, begun);
      else await this.#confirm(1, begun);
    }
  }

  async isEnabled(user: string): Promise<boolean> {
    const answers = await this.fleet.askAll(this.fleet.size, () => questions.status(user));
    return answers.every(({ body }) => body.is_setup === true);
  }

  async #login(user: string): Promise<void> {
    const code = this.#codes.get(user);
    if (code === undefined) return;
    const send = async (worker: number) => {
      const { status } = await this.#ask(worker, questions.login(user, code));
      if (status === 200) this.ledger.accept(user, this.#nameOf(code));
    };
    await Promise.all(Array.from({ length: this.fleet.size }, (_, worker) => send(worker)));
  }

  async #comeNew(worker: number): Promise<void> {
    const user = randomUUID();
    const { status, body } = await this.#ask(worker, questions.setup(user));
    const begun = { user, secret: String(body.secret), isImported: false };
    if (status === 200) await this.#confirm(worker + 1, begun);
  }

  async #import(worker: number, begun: Begun): Promise<void> {
    const { user, secret } = begun;
    const { status } = await this.#ask(worker, questions.importSecret(user, secret));
    if (status === 200) this.members.push({ user, secret, backupCodes: [] });
    else this.begun.push(begun);
  }

  /** Must neither lose an enrollment nor bring a used code back, whatever it meets. */
  async #administer(index: number, user: string): Promise<void> {
    const { unlock, reencrypt } = questions;
    const question = index % 3 === 0 ? unlock(user) : reencrypt(user);
    await this.#ask(index, question);
  }

  async #confirm(worker: number, begun: Begun): Promise<void> {
    const { user, secret } = begun;
    const code = codeNow(this.fleet, { secret });
    const { status, body } = await this.#ask(worker, questions.confirm(user, code));
    if (status !== 200) {
      this.begun.push(begun);
      return;
    }
    this.ledger.accept(user, this.#nameOf(code));
    // Sent again as the code of a login: it was used up by the confirmation.
    this.#codes.set(user, code);
    this.members.push({ user, secret, backupCodes: body.backup_codes as string[] });
  }

  /**
   * A TOTP code with its moment, and no other is ever sent in it: of a million codes, one is right in two
   * moments of a user now and then, and may be accepted in both.
   */
  #nameOf(code: string): string {
    return /^\d+$/.test(code) ? `${code} at ${this.fleet.now}` : code;
  }

  async #ask(worker: number, question: Question): Promise<Answer> {
    const answer = await this.fleet.ask(worker, question);
    this.ledger.record(answer);
    return answer;
  }
}

function newcomer(): Begun {
  return { user: randomUUID(), secret: generateSecret(), isImported: true };
}
