// Whether two kinds of input take the same time, by the method of dudect (Reparaz, Balasch and Verbauwhede, 2017):
// Welch's t-test on samples whose class is random, also after the slowest samples were cut off, which are those that
// the machine and not the input made slow.

/** Beyond it the times differ, whatever the machine was doing. */
export const MOST_T = 4.5;

/** Shares of the samples that are kept: all, and fewer and fewer of the slow ones. */
const KEPT = [1, 0.999, 0.99, 0.98, 0.95, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3];
const BATCH = 2_000;

export type Class = 0 | 1;

/** Two classes of input to one piece of work. */
export interface Comparison<Input> {
  name: string;
  samples: number;
  /** Makes an input of a class. It is not measured. */
  prepare: (kind: Class) => Input;
  /** What it returns is awaited if it is a promise, and only then. */
  run: (input: Input) => unknown;
}

export interface Measured {
  name: string;
  samples: number;
  /** Of the share that shows the largest difference: positive if the second class is the slower one. */
  t: number;
  /** Medians of the two classes, in microseconds. */
  medians: [number, number];
}

/** As it comes out of a parser: a string that was put together or cut out takes longer to read. */
export function asTyped(text: string): string {
  return JSON.parse(JSON.stringify(text)) as string;
}

/** Runs one comparison. A tenth of the samples come before, to warm up. */
export async function measure<Input>(
  comparison: Comparison<Input>,
  random: () => number,
): Promise<Measured> {
  const { name, samples } = comparison;
  await collect(comparison, samples / 10, random, () => {});
  const times = new Float64Array(samples);
  const kinds = new Uint8Array(samples);
  await collect(comparison, samples, random, (index, kind, time) => {
    times[index] = time;
    kinds[index] = kind;
  });
  const sorted = times.slice().sort();
  const ts = KEPT.map((share) => {
    const most = sorted[Math.ceil(samples * share) - 1] ?? Number.POSITIVE_INFINITY;
    return welch(times, kinds, most);
  });
  const t = ts.reduce((worst, each) => (Math.abs(each) > Math.abs(worst) ? each : worst), 0);
  return { name, samples, t, medians: [medianOf(times, kinds, 0), medianOf(times, kinds, 1)] };
}

/** Inputs are prepared a batch at a time, and garbage is collected between the batches, not in them. */
async function collect<Input>(
  { prepare, run }: Comparison<Input>,
  samples: number,
  random: () => number,
  keep: (index: number, kind: Class, microseconds: number) => void,
): Promise<void> {
  for (let first = 0; first < samples; first += BATCH) {
    const kinds = Array.from({ length: Math.min(BATCH, samples - first) }, () =>
      random() < 0.5 ? 0 : 1,
    );
    const inputs = kinds.map(prepare);
    globalThis.gc?.();
    for (const [index, input] of inputs.entries()) {
      const begun = performance.now();
      const result = run(input);
      if (result instanceof Promise) await result;
      const took = performance.now() - begun;
      keep(first + index, kinds[index] ?? 0, took * 1000);
    }
  }
}

/** Welch's t of the samples that took at most so long. */
function welch(times: Float64Array, kinds: Uint8Array, most: number): number {
  const sums = [newSum(), newSum()] as const;
  for (const [index, time] of times.entries()) {
    if (time <= most) add(sums[kinds[index] === 1 ? 1 : 0], time);
  }
  const [a, b] = sums;
  const spread = a.squares / (a.count - 1) / a.count + b.squares / (b.count - 1) / b.count;
  return spread > 0 ? (b.mean - a.mean) / Math.sqrt(spread) : 0;
}

const newSum = () => ({ count: 0, mean: 0, squares: 0 });

/** Welford's way to a variance, which loses no digits. */
function add(sum: ReturnType<typeof newSum>, value: number): void {
  sum.count++;
  const before = value - sum.mean;
  sum.mean += before / sum.count;
  sum.squares += before * (value - sum.mean);
}

function medianOf(times: Float64Array, kinds: Uint8Array, kind: Class): number {
  const own = times.filter((_, index) => kinds[index] === kind).sort();
  return own[Math.floor(own.length / 2)] ?? Number.NaN;
}
