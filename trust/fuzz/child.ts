import { type ChildProcess, fork } from "node:child_process";
import path from "node:path";
import type { TargetName } from "../../__tests__/helpers/fuzz/apps.js";
import { type Problem, type Server, takeFrom } from "../../__tests__/helpers/fuzz/run.js";
import type { Facts } from "../../__tests__/helpers/fuzz/users.js";
import type { Ask, Measured, Told } from "./server.js";

export type ExpressRelease = "4" | "5";

/** A server in a process of its own. */
export interface ChildServer extends Server {
  measure(users: readonly string[]): Promise<Measured>;
  stop(): void;
}

type WithoutId<T> = T extends unknown ? Omit<T, "id"> : never;

/** Serves a target. If the process ends, that is a problem, and the next call starts another. */
export function serveInChild(target: TargetName, release: ExpressRelease): ChildServer {
  const problems: Problem[] = [];
  let running: ReturnType<typeof start> | undefined;
  const current = () => {
    running ??= start(target, release, (problem, hasEnded) => {
      problems.push(problem);
      if (hasEnded) running = undefined;
    });
    return running;
  };
  return {
    port: () => current().port,
    prepare: async (user, state) =>
      (await current().ask({ what: "prepare", user, state })) as Facts,
    measure: async (users) => (await current().ask({ what: "measure", users })) as Measured,
    takeProblems: (user) => takeFrom(problems, user),
    stop: () => running?.stop(),
  };
}

function start(
  target: TargetName,
  release: ExpressRelease,
  onProblem: (problem: Problem, hasEnded: boolean) => void,
) {
  // Node warns of URLs such as `http://a:1http://b`, which Express parses by `url.parse`.
  const flags = ["--expose-gc", "--disable-warning=DEP0170"];
  const express4 = path.join(import.meta.dirname, "express-4.mjs");
  const child = fork(path.join(import.meta.dirname, "server.ts"), [JSON.stringify(target)], {
    execArgv: ["--import", "tsx", ...(release === "4" ? ["--import", express4] : []), ...flags],
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  let isStopped = false;
  const pending = new Map<
    number,
    { resolve: (value: unknown) => void; reject: (error: Error) => void }
  >();
  let last = 0;
  // Nothing should be printed: neither by the library nor by Node.
  for (const output of [child.stdout, child.stderr]) {
    output?.on("data", (text: Buffer) => onProblem({ text: `printed: ${text}` }, false));
  }
  const port = new Promise<number>((resolve, reject) => {
    child.on("message", (told: Told) => {
      if ("problem" in told) onProblem(told.problem, false);
      else if ("id" in told) pending.get(told.id)?.resolve(told.value);
      else if (told.express === release) resolve(told.port);
      else reject(new Error(`Express ${told.express} instead of ${release}`));
      if ("id" in told) pending.delete(told.id);
    });
    child.on("exit", (status, signal) => {
      const error = new Error(`the server ended (${signal ?? status})`);
      reject(error);
      for (const { reject } of pending.values()) reject(error);
      if (!isStopped) onProblem({ text: error.message }, true);
    });
  });
  const ask = (what: WithoutId<Ask>) =>
    new Promise((resolve, reject) => {
      pending.set(++last, { resolve, reject });
      child.send({ ...what, id: last });
    });
  const stop = () => {
    isStopped = true;
    disconnect(child);
  };
  return { port, ask, stop };
}

function disconnect(child: ChildProcess): void {
  if (child.connected) child.disconnect();
}
