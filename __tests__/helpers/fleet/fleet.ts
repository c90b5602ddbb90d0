import type { Answer, Question } from "./ask.js";
import type { EngineName } from "./open-store.js";
import { startWorker, type WorkerProcess } from "./worker-process.js";

export interface FleetOptions {
  engine: EngineName;
  url: string;
  timeoutMs?: number;
  encrypted?: boolean;
}

const WORKERS = 4;

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
    const starts = Array.from({ length: WORKERS }, (_, worker) => fleet.#startOne(worker));
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
    this.#workers[worker % this.size] = await this.#startOne(worker);
    await gone.stop();
  }

  /** How workers ended that were not asked to. */
  get crashes(): string[] {
    return this.#workers.flatMap(({ crash }) => crash ?? []);
  }

  async stop(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.stop()));
  }

  /** In the middle of a change of keys, half of the workers encrypt with the other one. */
  #startOne(worker: number): Promise<WorkerProcess> {
    const { engine, url, timeoutMs = 10_000, encrypted = false } = this.#options;
    const key = encrypted && { keyId: String(1 + (worker % 2)) };
    return startWorker({ engine, url, timeoutMs, now: this.now, ...key });
  }

  #at(worker: number): WorkerProcess {
    const found = this.#workers[worker % this.size];
    if (!found) throw new Error("No worker was started");
    return found;
  }
}
