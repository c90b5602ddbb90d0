import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

/** The user that a program runs as; none is that of the tests. */
export interface ProcessUser {
  uid?: number;
  gid?: number;
}

interface Task extends ProcessUser {
  command: string;
  args: string[];
}

/** A process with a folder of its own; neither outlives the tests. */
export interface GuardedProcess {
  readonly folder: string;
  /** Starts the process, where none runs. Rejects when it cannot be started. */
  run(task: Task): Promise<void>;
  /** Resolves with how the last process ended, and with what it had to say. */
  ended(): Promise<string>;
  /** Runs a process to its end. Rejects when that is not a good one. */
  runToEnd(task: Task): Promise<void>;
  /** Signals the process and those that it started. */
  signal(signal: NodeJS.Signals): void;
  /** Ends the process and removes the folder. */
  stop(): Promise<void>;
}

/** @param stopSignal Ends the process without a trace in the system, such as shared memory. */
export function createGuardedProcess(stopSignal: NodeJS.Signals): GuardedProcess {
  const folder = mkdtempSync(path.join(tmpdir(), "totp-engine-"));
  const guard = fork(path.join(import.meta.dirname, "guard.mjs"), [folder, stopSignal], {
    // A group of its own, as Ctrl+C in a terminal signals a whole group at once.
    detached: true,
    execArgv: [],
  });
  let pid: number | undefined;
  let ended = Promise.resolve("");

  async function run(task: Task): Promise<void> {
    const started = nextMessage<number | undefined>(guard, "pid");
    ended = nextMessage<string>(guard, "ended");
    guard.send(task);
    pid = await started;
    if (pid === undefined) throw new Error(await ended);
  }

  return {
    folder,
    ended: () => ended,
    run,
    async runToEnd(task) {
      await run(task);
      const how = await ended;
      if (!how.startsWith(`${task.command} ended with 0\n`)) throw new Error(how);
    },
    signal(signal) {
      if (pid !== undefined) for (const each of familyOf(pid)) kill(each, signal);
    },
    async stop() {
      const gone = guard.exitCode === null ? once(guard, "exit") : undefined;
      if (guard.connected) guard.disconnect();
      await gone;
    },
  };
}

function nextMessage<T>(guard: ChildProcess, key: string): Promise<T> {
  return new Promise((resolve) => {
    guard.on("message", function listen(message: Record<string, T>) {
      if (!(key in message)) return;
      guard.off("message", listen);
      resolve(message[key] as T);
    });
  });
}

/** The parent first: once it is stopped it starts no more children. PostgreSQL has one a connection. */
function* familyOf(pid: number): Generator<number> {
  yield pid;
  for (const child of childrenOf(pid)) yield* familyOf(child);
}

function childrenOf(pid: number): number[] {
  try {
    const list = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8");
    return list.split(" ").filter(Boolean).map(Number);
  } catch {
    // Gone, or a system without this file; only PostgreSQL has children.
    return [];
  }
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    // Gone in the meantime.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
