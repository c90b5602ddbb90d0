// Sends what no client should send, and what all clients send, to everything that can be mounted. No response may be
// other than documented, no request may crash the server or end in a 5xx, and its memory must stay flat.
import { styleText } from "node:util";
import { TARGETS, type TargetName } from "../../__tests__/helpers/fuzz/apps.js";
import { createTally, type Failure, fuzz, type Tally } from "../../__tests__/helpers/fuzz/run.js";
import { type ChildServer, type ExpressRelease, serveInChild } from "../fuzz/child.js";
import { growthOf, isUndecided, type Measurement, QUARTERS } from "../fuzz/heap.js";

const { FUZZ_REQUESTS = "100000", FC_SEED, FUZZ_ONLY } = process.env;
const seed = FC_SEED ? Number(FC_SEED) : Math.floor(Math.random() * 2 ** 31);

/** Users who send requests at the same time. */
const USERS = ["u1", "u2", "u3", "u4", "u5", "u6"];
const SERVERS_AT_ONCE = 2;
const RUNS_A_ROUND = 50;

/** What the heap may grow by with each request. One that is kept, or a timer, takes over 2 KB. */
const MOST_BYTES = 50;

interface Job {
  target: TargetName;
  release: ExpressRelease;
}

const jobs = TARGETS.flatMap((target) =>
  (["5", "4"] as const).map((release) => ({ target, release })),
).filter((job) => !FUZZ_ONLY || nameOf(job).includes(FUZZ_ONLY));
const goal = Math.ceil(Number(FUZZ_REQUESTS) / jobs.length);

interface Result extends Job {
  tally: Tally;
  failures: Failure[];
  measured: Measurement[];
}

console.log(`FC_SEED=${seed}, ${goal} requests to each of ${jobs.length} targets`);
const results: Result[] = [];
const queue = jobs.map((job, index) => ({ job, index }));
await Promise.all(Array.from({ length: SERVERS_AT_ONCE }, work));
report();

async function work(): Promise<void> {
  for (let next = queue.shift(); next; next = queue.shift()) {
    const { job, index } = next;
    results.push(await check(job, seed + index * 1_000_000));
  }
}

async function check(job: Job, ownSeed: number): Promise<Result> {
  const server = serveInChild(job.target, job.release);
  const tally = createTally();
  try {
    const failures: Failure[] = [];
    const measured: Measurement[] = [];
    for (let i = 0; failures.length === 0 && isUndecided(measured); i++) {
      const requests = (goal * (i + 1)) / QUARTERS;
      failures.push(...(await sendUntil(requests, job, server, tally, ownSeed + i * 100_000)));
      measured.push({ ...(await server.measure(USERS)), requests: tally.requests });
    }
    return { ...job, tally, failures, measured };
  } finally {
    server.stop();
  }
}

/** Each user in rounds of its own, until together they have sent enough. */
async function sendUntil(
  requests: number,
  { target }: Job,
  server: ChildServer,
  tally: Tally,
  ownSeed: number,
): Promise<Failure[]> {
  const failures: Failure[] = [];
  let round = 0;
  const send = async (user: string) => {
    while (tally.requests < requests && failures.length === 0) {
      const options = { user, seed: ownSeed + round++, numRuns: RUNS_A_ROUND, tally };
      const failure = await fuzz(target, server, options);
      if (failure) failures.push(failure);
    }
  };
  await Promise.all(USERS.map(send));
  return failures;
}

function nameOf({ target, release }: Job): string {
  return `${target.kind}, ${target.identity}, Express ${release}`;
}

function report(): void {
  const rows = jobs.flatMap((job) => results.filter((each) => nameOf(each) === nameOf(job)));
  const table = rows.map(({ tally, measured, ...job }) => {
    const { requests, statuses, authors, silent } = tally;
    return {
      target: nameOf(job),
      requests,
      ...Object.fromEntries([2, 3, 4, 5].map((digit) => [`${digit}xx`, statuses[digit] ?? 0])),
      documented: authors.documented,
      "Express's 404": authors.Express,
      "Node's own": authors.Node,
      none: silent,
      "heap kB": measured.map(({ heapBytes }) => Math.round(heapBytes / 1000)).join(" "),
    };
  });
  console.table(table);
  const total = rows.reduce((sum, { tally }) => sum + tally.requests, 0);
  console.log(`${total} requests`);
  const problems = rows.flatMap(problemsOf);
  for (const problem of problems) console.error(styleText("red", problem));
  process.exitCode = problems.length > 0 ? 1 : 0;
}

function problemsOf({ failures, measured, ...job }: Result): string[] {
  const name = nameOf(job);
  const growth = growthOf(measured);
  const [, settled] = measured;
  const left = (measured.at(-1)?.resources ?? 0) - (settled?.resources ?? 0);
  return [
    ...failures.map(({ seed, path, message }) => `${name}: seed ${seed}, path ${path}\n${message}`),
    ...(growth > MOST_BYTES
      ? [`${name}: the heap grew by ${Math.round(growth)} bytes with each request`]
      : []),
    ...(left > 0 ? [`${name}: ${left} handles or timers are left`] : []),
  ];
}
