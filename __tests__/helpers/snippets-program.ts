import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";

/** A TypeScript program in its own process. */
export interface Program {
  /** Resolves when the program has printed something that matches; rejects when it ended without. */
  printed(pattern: RegExp): Promise<RegExpExecArray>;
  /** The next message of a module that was loaded before the program; `undefined` when it ended. */
  told(): Promise<Record<string, number> | undefined>;
  /** Puts the program's clock forward. */
  advanceClock(milliseconds: number): Promise<void>;
  ended: Promise<Ended>;
  kill(signal: NodeJS.Signals): void;
}

export interface Ended {
  status: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

interface ProgramOptions {
  cwd: string;
  env?: NodeJS.ProcessEnv;
  /** Modules beside this one to load first. */
  preload?: ("snippets-clock" | "snippets-listen" | "snippets-scrypt")[];
}

const running = new Map<ChildProcess, Promise<Ended>>();

export function startProgram(file: string, { cwd, env, preload = [] }: ProgramOptions): Program {
  const modules = ["tsx", ...preload.map((name) => path.join(__dirname, `${name}.ts`))];
  const args = [...modules.flatMap((name) => ["--import", name]), file];
  const child = spawn(process.execPath, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  const output = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name]?.setEncoding("utf8").on("data", (text: string) => {
      output[name] += text;
    });
  }
  const ended = once(child, "close").then(([status, signal]): Ended => {
    running.delete(child);
    return { status, signal, ...output };
  });
  running.set(child, ended);
  const told = () =>
    Promise.race([
      once(child, "message").then(([message]) => message),
      ended.then(() => undefined),
    ]);

  return {
    ended,
    told,
    printed: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const match = pattern.exec(output.stdout);
          if (match) resolve(match);
        };
        child.stdout?.on("data", look);
        ended.then(({ stderr }) => reject(new Error(`ended before it printed: ${stderr}`)));
        look();
      }),
    advanceClock: async (milliseconds) => {
      const answer = told();
      child.send({ advance: milliseconds });
      await answer;
    },
    kill: (signal) => child.kill(signal),
  };
}

/** For `afterEach`: no program outlives the test that started it. */
export async function stopPrograms(): Promise<void> {
  for (const child of running.keys()) child.kill("SIGKILL");
  await Promise.all(running.values());
}
