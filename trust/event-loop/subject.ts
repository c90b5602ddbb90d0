import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { createClient } from "./client.js";
import type { Flood } from "./flood.js";
import { ROUTES } from "./routes.js";

/** Often enough for a p99, and far too seldom to be a load. */
const PROBES_A_SECOND = 250;

export interface Subject {
  name: string;
  /** Milliseconds that the requests to the other route took, under a flood. */
  probe(flood: Flood): Promise<{ times: number[]; usersASecond: number }>;
  stop(): void;
}

/** A server, and what floods it, in a process each; the requests to the other route come from this one. */
export async function start(name: "ours" | "bare"): Promise<Subject> {
  const server = run("serve.ts", [name]);
  const [port] = (await once(server, "message")) as [number];
  const flooding = run("flood.ts", [String(port), name]);
  const client = createClient(port, 64);
  return {
    name,
    async probe(flood) {
      flooding.send(flood);
      const ended = once(flooding, "message") as Promise<[number]>;
      const times = await probeFor(flood.seconds, () => client.send("GET", ROUTES.other));
      const [usersASecond] = await ended;
      return { times, usersASecond };
    },
    stop() {
      client.close();
      for (const child of [flooding, server]) child.disconnect();
    },
  };
}

/** Sends at fixed times, whether or not there was a response to the last one. */
async function probeFor(seconds: number, send: () => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  const running: Promise<void>[] = [];
  const begun = performance.now();
  for (let sent = 0; sent < seconds * PROBES_A_SECOND; sent++) {
    const wait = begun + (sent / PROBES_A_SECOND) * 1000 - performance.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    const from = performance.now();
    running.push(send().then(() => void times.push(performance.now() - from)));
  }
  await Promise.all(running);
  return times;
}

/** SERVER_ARGS are for Node, such as `--cpu-prof` or `--trace-gc`. */
function run(module: string, args: string[]): ChildProcess {
  const more = module === "serve.ts" ? (process.env.SERVER_ARGS?.split(" ") ?? []) : [];
  return fork(path.join(import.meta.dirname, module), args, {
    env: { ...process.env, NODE_ENV: "production" },
    execArgv: ["--import", "tsx", ...more],
  });
}
