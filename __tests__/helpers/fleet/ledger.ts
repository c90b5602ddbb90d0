import { STATUS_CODES } from "node:http";
import type { Answer } from "./ask.js";

const REFUSED = [401, 403, 409, 422, 429];

/** What was answered, over a whole run. */
export class Ledger {
  answers = 0;
  /** Those of 500 and above, and connections that broke. */
  failures = 0;
  /** Connections that broke before there was an answer. */
  lost = 0;
  /** Answers that the contract does not have. */
  readonly unlawful: string[] = [];
  readonly #accepted = new Map<string, number>();
  #waiting: { from: number; resolve(): void }[] = [];

  record({ status, body, noStore }: Answer): void {
    this.answers++;
    if (status === 0) this.lost++;
    if (status === 0 || status >= 500) this.failures++;
    const text = JSON.stringify(body);
    const isLawful =
      [0, 200, 204].includes(status) || REFUSED.includes(status) || isFailure(status, text);
    if (!isLawful || !noStore) this.unlawful.push(`${status} ${text} no-store: ${noStore}`);
    for (const { resolve } of this.#waiting.filter(({ from }) => from <= this.answers)) resolve();
    this.#waiting = this.#waiting.filter(({ from }) => from > this.answers);
  }

  accept(user: string, code: string): void {
    this.#accepted.set(`${user} ${code}`, this.accepted(user, code) + 1);
  }

  /** How often a code was accepted. */
  accepted(user: string, code: string): number {
    return this.#accepted.get(`${user} ${code}`) ?? 0;
  }

  /** Codes that were accepted more than once. */
  get doubles(): string[] {
    return [...this.#accepted].filter(([, count]) => count > 1).map(([which]) => which);
  }

  /** Resolves when as many more answers have come. */
  more(count: number): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push({ from: this.answers + count, resolve });
    });
  }
}

/** Of a failure nothing is said but that it was one. */
function isFailure(status: number, text: string): boolean {
  const body = { code: status, error: STATUS_CODES[status] };
  return (status === 500 || status === 503) && text === JSON.stringify(body);
}
