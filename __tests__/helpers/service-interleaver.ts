import type { TotpStore } from "express-totp-setup";
import type { Scheduler } from "fast-check";
import { createDeferred } from "./deferred.js";

/** A call of the store: the only moment at which calls of a service can get in each other's way. */
export interface StoreCall {
  /** Which of the calls that run side by side made it. */
  by: number;
  step: "get" | "set";
  /** Of a `set`. */
  expected?: string | undefined;
  next?: string | undefined;
  won?: boolean;
}

/**
 * Runs calls side by side over one store, one store call at a time, in an order that fast-check decides.
 * Between two decisions one call alone goes on, to its next store call or to its end, however long its hashes
 * and pauses take; so the same seed gives the same order.
 */
export class Interleaver {
  readonly store: TotpStore;
  /** In the order in which they took place. */
  readonly log: StoreCall[] = [];

  /** The call that goes on; none outside of `run`, where nobody has to take turns. */
  private current: number | undefined;
  private halt = createDeferred();

  constructor(
    private readonly scheduler: Scheduler,
    inner: TotpStore,
  ) {
    this.store = {
      get: async (userId) => {
        const by = await this.turn("get");
        this.log.push({ by, step: "get" });
        return inner.get(userId);
      },
      compareAndSet: async (userId, expected, next, options) => {
        const by = await this.turn("set");
        const won = await inner.compareAndSet(userId, expected, next, options);
        this.log.push({ by, step: "set", expected, next, won });
        return won;
      },
    };
  }

  async run<T>(calls: readonly (() => Promise<T>)[]): Promise<T[]> {
    let unfinished = calls.length;
    const results: Promise<T>[] = [];
    for (const [by, call] of calls.entries()) {
      await this.letGo(by, () => {
        const result = call().finally(() => {
          unfinished--;
          this.halt.resolve();
        });
        results.push(result);
        // Seen to at the end; until then a failure must not count as unhandled.
        result.catch(() => {});
      });
    }
    while (unfinished > 0) await this.letGo(undefined, () => this.scheduler.waitOne());
    this.current = undefined;
    return Promise.all(results);
  }

  /** Waits until the one call that goes on comes to its next store call or to its end. */
  private async letGo(by: number | undefined, go: () => unknown): Promise<void> {
    this.halt = createDeferred();
    this.current = by;
    await go();
    await this.halt.promise;
  }

  /** Waits for the scheduler to let the current call go on. */
  private async turn(step: string): Promise<number> {
    const by = this.current;
    if (by === undefined) return -1;
    const go = this.scheduler.schedule(Promise.resolve(), `${step} of call ${by}`);
    this.halt.resolve();
    await go;
    this.current = by;
    return by;
  }
}
