import { fork } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import autocannon, { type Client, type Request } from "autocannon";

/** One thing to measure: a server in a process of its own, and the request that it gets. */
export interface Subject {
  name: string;
  server: [module: string, name: string];
  request: Request & { path: string };
  /** The status that every response must have. */
  status: number;
  /** Called once with the URL of the server; returns what to change in all requests. */
  prepare?: (url: string) => Promise<Partial<Request>>;
  /** Changes each request before it is sent. */
  each?: (request: Request, count: number) => Request;
}

export interface Figures {
  /** Median of the rounds, in requests a second. */
  rate: number;
  /** Slowest and fastest round. */
  range: [number, number];
}

const WARM_UP_SECONDS = 1;
const ROUND_SECONDS = Number(process.env.BENCH_SECONDS ?? 2);
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5);
const CONNECTIONS = 16;

/** Measures all subjects in turn, round by round, so that what slows the machine down hits all alike. */
export async function measure(subjects: readonly Subject[]): Promise<Map<string, Figures>> {
  const running = await Promise.all(subjects.map(start));
  const rates = new Map(subjects.map(({ name }) => [name, [] as number[]]));
  try {
    for (const { subject, port } of running) await load(subject, port, WARM_UP_SECONDS);
    for (let round = 0; round < ROUNDS; round++) {
      for (const { subject, port } of running) {
        rates.get(subject.name)?.push(await load(subject, port, ROUND_SECONDS));
      }
    }
  } finally {
    for (const { stop } of running) stop();
  }
  return new Map([...rates].map(([name, each]) => [name, summarize(each)]));
}

/** The size of the response to one request. */
export async function ask(subject: Subject): Promise<{ bytes: number }> {
  const { subject: prepared, port, stop } = await start(subject);
  try {
    const { method = "GET", headers, path: target } = prepared.request;
    const init = { method, headers: headers as Record<string, string> };
    const response = await fetch(`http://127.0.0.1:${port}${target}`, init);
    return { bytes: (await response.arrayBuffer()).byteLength };
  } finally {
    stop();
  }
}

async function start(subject: Subject) {
  const child = fork(path.join(import.meta.dirname, "serve.ts"), subject.server, {
    env: { ...process.env, NODE_ENV: "production" },
    execArgv: ["--import", "tsx"],
  });
  const [port] = (await once(child, "message")) as [number];
  const changes = await subject.prepare?.(`http://127.0.0.1:${port}`);
  const request = { ...subject.request, ...changes };
  return { subject: { ...subject, request }, port, stop: () => child.disconnect() };
}

let count = 0;

async function load(subject: Subject, port: number, duration: number): Promise<number> {
  const { request, status, each } = subject;
  const result = await autocannon({
    url: `http://127.0.0.1:${port}${request.path}`,
    connections: CONNECTIONS,
    duration,
    requests: [each ? { ...request, setupRequest: (next) => each(next, count++) } : request],
    setupClient: (client: Client) =>
      client.on("response", (answered) => {
        if (answered !== status)
          throw new Error(`${subject.name}: expected ${status}, got ${answered}`);
      }),
  });
  return result["2xx"] + result.non2xx > 0 ? result.requests.average : 0;
}

function summarize(rates: readonly number[]): Figures {
  const sorted = [...rates].sort((a, b) => a - b);
  const at = (index: number) => sorted[index] ?? 0;
  return { rate: at(Math.floor(sorted.length / 2)), range: [at(0), at(sorted.length - 1)] };
}
