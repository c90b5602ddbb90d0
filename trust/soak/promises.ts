/** What clients were promised, and what turned out not to hold. */
export class Promises {
  /** Codes, backup codes and login sessions that were accepted when they had been before. */
  readonly acceptedTwice: string[] = [];
  /** Changes that were acknowledged, and are not there. */
  readonly lost: string[] = [];
  readonly #accepted = new Set<string>();
  readonly #steps = new Map<string, number>();

  /** A backup code, or a login session. */
  acceptOnce(what: string): void {
    if (this.#accepted.has(what)) this.acceptedTwice.push(what);
    this.#accepted.add(what);
  }

  /** The last time step of a secret of which a client knows that a code was accepted. */
  lastStep(secret: string): number {
    return this.#steps.get(secret) ?? -1;
  }

  /** @param before The last accepted step when the code was sent. */
  acceptStep(user: string, secret: string, step: number, before: number): void {
    const what = `${user}, time step ${step}`;
    this.acceptOnce(`${what}, ${secret}`);
    if (step < before) this.acceptedTwice.push(`${what}, after ${before}`);
    this.#steps.set(secret, Math.max(step, this.lastStep(secret)));
  }

  lose(user: string, what: string): void {
    this.lost.push(`${user}: ${what}`);
  }
}
