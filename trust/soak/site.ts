import type { LocalEngine } from "../../__tests__/helpers/engines/local-engine.js";
import type { Answer, Question } from "../../__tests__/helpers/fleet/ask.js";
import { Ledger } from "../../__tests__/helpers/fleet/ledger.js";
import type { EngineName } from "../../__tests__/helpers/fleet/open-store.js";
import { startWorker, type WorkerProcess } from "../../__tests__/helpers/fleet/worker-process.js";
import { type Cable, layCable } from "./cable.js";
import { Promises } from "./promises.js";

const WORKERS = 3;
const TIMEOUT_MS = 3000;
const TICK_MS = 100;
/** How much faster the workers' clocks run than the real one, so that users have a new code every three seconds. */
const SPEED = 10;

/** A response, and whether something was broken while it was waited for. */
export interface Exchange extends Answer {
  wasDisturbed: boolean;
}

interface Worker {
  process: WorkerProcess;
  isUp: boolean;
  /** Milliseconds that its clock is ahead. */
  offset: number;
  isTicking: boolean;
}

/** An engine, and the worker processes of one app behind it. */
export class Site {
  readonly ledger = new Ledger();
  readonly promises = new Promises();
  readonly crashes: string[] = [];
  /** Failures of requests during which nothing was broken. */
  failedByThemselves = 0;
  readonly counts = { operations: 0, acknowledged: 0, refused: 0, failed: 0 };
  #workers: Worker[] = [];
  #turn = 0;
  #faults = 0;
  #broken = 0;
  #frozen: number | undefined;
  readonly #begun = Date.now();
  readonly #ticker = setInterval(() => this.#tick(), TICK_MS);

  private constructor(
    readonly name: EngineName,
    readonly engine: LocalEngine,
    /** None to SQLite, which is a file. */
    readonly cable: Cable | undefined,
  ) {}

  static async start(name: EngineName, engine: LocalEngine): Promise<Site> {
    const cable = name === "SQLite" ? undefined : await layCable(engine.url);
    const site = new Site(name, engine, cable);
    for (let index = 0; index < WORKERS; index++)
      site.#workers.push(await site.#startWorker(index));
    return site;
  }

  /** The time of the users' phones, in milliseconds since 1970. */
  get now(): number {
    return this.#frozen ?? this.#begun + (Date.now() - this.#begun) * SPEED;
  }

  get workers(): number {
    return WORKERS;
  }

  ask(question: Question): Promise<Exchange> {
    const up = this.#workers.filter(({ isUp }) => isUp);
    return this.#send(up[this.#turn++ % up.length] as Worker, question);
  }

  /** The same to all workers at the same time. */
  askAll(question: Question): Promise<Exchange[]> {
    const up = this.#workers.filter(({ isUp }) => isUp);
    return Promise.all(up.map((worker) => this.#send(worker, question)));
  }

  /** Breaks something, and mends it. */
  async disturb(breakAndMend: () => Promise<void>): Promise<void> {
    this.#faults++;
    this.#broken++;
    try {
      await breakAndMend();
    } finally {
      this.#broken--;
    }
  }

  async killWorker(index: number): Promise<void> {
    const worker = this.#at(index);
    worker.isUp = false;
    await worker.process.kill();
  }

  async replaceWorker(index: number): Promise<void> {
    const gone = this.#at(index);
    this.#workers[index] = await this.#startWorker(index);
    await gone.process.stop();
  }

  stepClock(index: number, offset: number): void {
    this.#at(index).offset = offset;
  }

  /** Sets all clocks to the same time, which stands still until the next call. */
  async freezeLater(seconds: number): Promise<void> {
    this.#frozen = this.now + seconds * 1000;
    clearInterval(this.#ticker);
    for (const worker of this.#workers) worker.offset = 0;
    // Twice, as the first reply may be the one to a tick.
    for (let times = 0; times < 2; times++) {
      await Promise.all(this.#workers.map(({ process }) => process.setClock(this.now)));
    }
  }

  async stop(): Promise<void> {
    clearInterval(this.#ticker);
    for (const { process } of this.#workers) {
      if (process.crash !== undefined) this.crashes.push(process.crash);
      await process.stop();
    }
    await this.cable?.close();
    await this.engine.stop();
  }

  async #send(worker: Worker, question: Question): Promise<Exchange> {
    const [faults, wasBroken] = [this.#faults, this.#broken > 0];
    const answer = await worker.process.ask(question);
    const wasDisturbed = wasBroken || this.#broken > 0 || this.#faults > faults;
    this.ledger.record(answer);
    this.counts.operations++;
    if (answer.status === 0 || answer.status >= 500) {
      this.counts.failed++;
      if (!wasDisturbed) this.failedByThemselves++;
    } else if (answer.status < 300) this.counts.acknowledged++;
    else this.counts.refused++;
    return { ...answer, wasDisturbed };
  }

  async #startWorker(index: number): Promise<Worker> {
    const { name, engine, cable } = this;
    // Half-way through a change of keys.
    const keyId = String(1 + (index % 2));
    const options = { engine: name, url: cable?.url ?? engine.url, timeoutMs: TIMEOUT_MS, keyId };
    const process = await startWorker({ ...options, now: this.now });
    return { process, isUp: true, offset: 0, isTicking: false };
  }

  #at(index: number): Worker {
    return this.#workers[index] as Worker;
  }

  #tick(): void {
    for (const worker of this.#workers) {
      if (!worker.isUp || worker.isTicking) continue;
      worker.isTicking = true;
      const done = () => {
        worker.isTicking = false;
      };
      worker.process.setClock(this.now + worker.offset).then(done, done);
    }
  }
}
