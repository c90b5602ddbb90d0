import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { Agent } from "node:http";
import path from "node:path";
import { type Answer, ask, type Question } from "./ask.js";
import type { WorkerOptions } from "./worker.js";

const CONNECTIONS = 32;

/** A worker, seen from its parent. */
export interface WorkerProcess {
  ask(question: Question): Promise<Answer>;
  setClock(now: number): Promise<void>;
  /** SIGKILL. */
  kill(): Promise<void>;
  /** How it ended, where it was not asked to. */
  readonly crash: string | undefined;
  stop(): Promise<void>;
}

export async function startWorker(options: WorkerOptions): Promise<WorkerProcess> {
  const child = fork(path.join(import.meta.dirname, "worker.ts"), [JSON.stringify(options)], {
    execArgv: ["--import", "tsx"],
    env: { ...process.env, NODE_ENV: "production" },
    stdio: ["ignore", "inherit", "pipe", "ipc"],
  });
  let errors = "";
  child.stderr?.on("data", (text) => {
    errors = (errors + text).slice(-4000);
  });
  let isExpected = false;
  let crash: string | undefined;
  const exited = once(child, "exit").then(([status, signal]) => {
    if (!isExpected) crash = `a worker ended with ${signal ?? status}\n${errors}`;
    return crash;
  });
  const { port } = await Promise.race([message<{ port: number }>(child), exited.then(fail)]);
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });

  return {
    ask: (question) => ask(agent, port, question),
    async setClock(now) {
      child.send({ now });
      await Promise.race([message(child), exited.then(fail)]);
    },
    async kill() {
      isExpected = true;
      child.kill("SIGKILL");
      await exited;
    },
    get crash() {
      return crash;
    },
    async stop() {
      isExpected = crash === undefined;
      agent.destroy();
      if (child.connected) child.disconnect();
      await exited;
    },
  };
}

async function message<T>(child: ChildProcess): Promise<T> {
  const [received] = await once(child, "message");
  return received as T;
}

function fail(crash: string | undefined): never {
  throw new Error(crash ?? "The worker was ended");
}
