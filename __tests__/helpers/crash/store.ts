import type { TotpStore } from "express-totp-setup";

type Step = keyof TotpStore;

/** How a call of a store ends. */
export type Ending =
  /** The store does nothing, and the call rejects. */
  | "fails"
  /** The write lands, and the call rejects: the connection broke before the acknowledgment. */
  | "lands"
  /** The write lands; the store's client sends it again, and is told that the value has changed. */
  | "is sent twice";

/** A call of the store at which something happens. */
export interface CrashPoint {
  step: Step;
  /** Counted from 1, in the calls of its step. */
  nth: number;
  ending: Ending;
}

export const CONNECTION_LOST = new Error("The connection was lost");

/** A sound store behind a connection that breaks at one point. */
export class CrashStore implements TotpStore {
  point: CrashPoint | undefined;
  /** Called right before the first write, so that it loses. */
  rival: (() => Promise<unknown>) | undefined;
  calls: Step[] = [];

  constructor(readonly sound: TotpStore) {}

  get: TotpStore["get"] = async (userId) => {
    if (this.#endingAt("get")) throw CONNECTION_LOST;
    return this.sound.get(userId);
  };

  compareAndSet: TotpStore["compareAndSet"] = async (...args) => {
    const ending = this.#endingAt("compareAndSet");
    const { rival } = this;
    this.rival = undefined;
    await rival?.();
    if (ending === "fails") throw CONNECTION_LOST;
    const won = await this.sound.compareAndSet(...args);
    if (ending === "lands") throw CONNECTION_LOST;
    return ending ? this.sound.compareAndSet(...args) : won;
  };

  heal(): void {
    this.point = this.rival = undefined;
    this.calls = [];
  }

  #endingAt(step: Step): Ending | undefined {
    this.calls.push(step);
    const nth = this.calls.filter((each) => each === step).length;
    return this.point?.step === step && this.point.nth === nth ? this.point.ending : undefined;
  }
}
