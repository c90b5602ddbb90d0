import { randomUUID } from "node:crypto";
import type { Answer, Question } from "./ask.js";
import { codeNow, enrollAll, type Member } from "./enrolled.js";
import type { Fleet } from "./fleet.js";
import { Ledger } from "./ledger.js";
import * as questions from "./questions.js";

const MEMBERS = 30;
const NEWCOMERS = 4;
/** Longer than a lock: codes that were sent again have locked those whose they are. */
const NEXT_MOMENT_SECONDS = 1800;

/** Users who sign in and others who enroll, and what all of them were answered. */
export class Traffic {
  readonly ledger = new Ledger();
  readonly members: Member[] = [];
  /** Secrets that were shown to users whose confirmation was not answered. */
  readonly begun: Omit<Member, "backupCodes">[] = [];
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

  /** Sends each member's code to all workers at once, and has others enroll. Tells how much failed. */
  async wave(): Promise<number> {
    const before = this.ledger.failures;
    const logins = this.members.map(({ user }) => this.#login(user));
    const newcomers = Array.from({ length: NEWCOMERS }, (_, i) => this.#comeNew(i));
    await Promise.all([...logins, ...newcomers]);
    return this.ledger.failures - before;
  }

  /** Members whose code of this moment was not accepted. */
  get waiting(): string[] {
    const isWaiting = (user: string, code: string) =>
      this.ledger.accepted(user, this.#nameOf(code)) === 0;
    return [...this.#codes].filter((each) => isWaiting(...each)).map(([user]) => user);
  }

  /** Confirms what began and was not answered; what cannot be confirmed was never saved. */
  async settle(): Promise<void> {
    for (const { user, secret } of this.begun.splice(0)) {
      // Written, but the answer was lost on its way.
      if (await this.isEnabled(user)) this.members.push({ user, secret, backupCodes: [] });
      else await this.#confirm(1, { user, secret });
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
    if (status === 200) await this.#confirm(worker + 1, { user, secret: String(body.secret) });
  }

  async #confirm(worker: number, begun: { user: string; secret: string }): Promise<void> {
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
