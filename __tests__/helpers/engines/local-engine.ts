import { execFileSync } from "node:child_process";
import { chownSync } from "node:fs";
import { freePort } from "./free-port.js";
import { createGuardedProcess, type GuardedProcess, type ProcessUser } from "./guarded-process.js";
import { until } from "./until.js";

/** A database that tests can use. */
export interface Engine {
  readonly url: string;
  stop(): Promise<void>;
}

/** A database that was started here, and may be mistreated. */
export interface LocalEngine extends Engine {
  /** SIGKILL to all its processes: what it has not written by then is lost. */
  kill(): Promise<void>;
  /** Starts it after {@link kill}, on the same port and data. */
  restart(): Promise<void>;
  /** SIGSTOP to all its processes: connections stay open, and nothing answers. */
  pause(): void;
  resume(): void;
}

/** How an engine is run. */
export interface Recipe {
  command: string;
  args(folder: string, port: number): string[];
  /** Makes the data folder; `run` runs a program as the user that the engine runs as. */
  prepare?(folder: string, run: (command: string, args: string[]) => Promise<void>): Promise<void>;
  url(port: number): string;
  /** Resolves when the engine answers, rejects while it does not. */
  ping(url: string): Promise<unknown>;
  stopSignal: NodeJS.Signals;
  /** For an engine that refuses to be run by root: the user that its package makes. */
  user?: string;
}

export async function startLocally(recipe: Recipe): Promise<LocalEngine> {
  const engine = createGuardedProcess(recipe.stopSignal);
  try {
    return await start(engine, recipe);
  } catch (error) {
    await engine.stop();
    throw error;
  }
}

async function start(engine: GuardedProcess, recipe: Recipe): Promise<LocalEngine> {
  const { folder } = engine;
  const user = userFor(recipe);
  if (user.uid !== undefined && user.gid !== undefined) chownSync(folder, user.uid, user.gid);
  await recipe.prepare?.(folder, (command, args) => engine.runToEnd({ command, args, ...user }));
  const port = await freePort();
  const url = recipe.url(port);

  async function restart(): Promise<void> {
    await engine.run({ command: recipe.command, args: recipe.args(folder, port), ...user });
    await until(() => recipe.ping(url), engine.ended());
  }

  await restart();
  return {
    url,
    restart,
    stop: engine.stop,
    async kill() {
      engine.signal("SIGKILL");
      await engine.ended();
    },
    pause: () => engine.signal("SIGSTOP"),
    resume: () => engine.signal("SIGCONT"),
  };
}

function userFor({ user }: Recipe): ProcessUser {
  if (user === undefined || process.getuid?.() !== 0) return {};
  const id = (option: string) =>
    Number(execFileSync("id", [option, user], { stdio: ["ignore", "pipe", "ignore"] }));
  return { uid: id("-u"), gid: id("-g") };
}
