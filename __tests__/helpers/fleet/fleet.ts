import type { Answer, Question } from "./ask.js";
import type { EngineName } from "./open-store.js";
import { startWorker, type WorkerProcess } from "./worker-process.js";

export interface FleetOptions {
  engine: EngineName;
  url: string;
  timeoutMs?: number;
  encrypted?: boolean;
}

const WORKERS = 3;

/** Several processes of one app behind one store, whose clocks are one. */
export class Fleet {
  /** Milliseconds since 1970, on all workers. It begins with the real time: engines drop what has expired. */
  now = Date.now();
  /** Answers so far. */
  asked = 0;
  #workers: WorkerProcess[] = [];
  readonly #options: FleetOptions;

  private constructor(options: FleetOptions) {
    this.#options = options;
  }

  static async start(options: FleetOptions): Promise<Fleet> {
    const fleet = new Fleet(options);
    const starts = Array.from({ length: WORKERS }, () => fleet.#startOne());
    const settled = await Promise.allSettled(starts);
    fleet.#workers = settled.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
    const failed = settled.find((each) => each.status === "rejected");
    if (!failed) return fleet;
    await fleet.stop();
    throw failed.reason;
  }

  get size(): number {
    return this.#workers.length;
  }

  /** @param worker Counted round and round. */
  async ask(worker: number, question: Question): Promise<Answer> {
    const answer = await this.#at(worker).ask(question);
    this.asked++;
    return answer;
  }

  /** The same to all workers at once, `times` in all. */
  askAll(times: number, question: (index: number) => Question): Promise<Answer[]> {
    return Promise.all(Array.from({ length: times }, (_, i) => this.ask(i, question(i))));
  }

  async advance(seconds: number): Promise<void> {
    this.now += seconds * 1000;
    await Promise.all(this.#workers.map((worker) => worker.setClock(this.now)));
  }

  async kill(worker: number): Promise<void> {
    await this.#at(worker).kill();
  }

  /** Starts another worker in the place of a killed one. */
  async replace(worker: number): Promise<void> {
    const gone = this.#at(worker);
    this.#workers[worker % this.size] = await this.#startOne();
    await gone.stop();
  }

  /** How workers ended that were not asked to. */
  get crashes(): string[] {
    return this.#workers.flatMap(({ crash }) => crash ?? []);
  }

  async stop(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.stop()));
  }

  #startOne(): Promise<WorkerProcess> {
    const { engine, url, timeoutMs = 10_000, encrypted = false } = this.#options;
    return startWorker({ engine, url, timeoutMs, encrypted, now: this.now });
  }

  #at(worker: number): WorkerProcess {
    const found = this.#workers[worker % this.size];
    if (!found) throw new Error("No worker was started");
    return found;
  }
}
