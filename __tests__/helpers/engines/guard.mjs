// Runs one engine and owns its folder, so that neither outlives the tests: when the process of the tests
// ends, in whatever way, the channel to it closes, and that is enough of a reason to clear up.
import { spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

/**
 * @typedef {object} Task
 * @property {string} command
 * @property {string[]} args
 * @property {number} [uid]
 * @property {number} [gid]
 */

const [folder = "", stopSignal = ""] = process.argv.slice(2);
const PATIENCE_MS = 5_000;
const LOG_LENGTH = 4_000;

/** @type {import("node:child_process").ChildProcess | undefined} */
let engine;
/** @type {Promise<unknown>} */
let ended = Promise.resolve();

/** @param {Task} task */
function run({ command, args, ...user }) {
  let log = "";
  const child = spawn(command, args, {
    ...user,
    cwd: folder,
    // In a group of its own, to be signalled with whatever it starts.
    detached: true,
    // The folder of the tests may be closed to the user of the engine.
    env: { ...process.env, TMPDIR: folder },
    stdio: ["ignore", "pipe", "pipe"],
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (text) => {
      log = (log + text).slice(-LOG_LENGTH);
    });
  }
  ended = new Promise((resolve) => {
    child.on("error", (error) => resolve(error.message));
    child.on("close", (status, signal) => resolve(`ended with ${signal ?? status}`));
  });
  ended.then((how) => {
    // Its number may be another's by and by.
    engine = undefined;
    if (process.connected) process.send?.({ ended: `${command} ${how}\n${log}` });
  });
  engine = child;
  process.send?.({ pid: child.pid });
}

/** @param {string} signal */
function kill(signal) {
  try {
    if (engine?.pid) process.kill(-engine.pid, signal);
  } catch {
    // All of them have ended.
  }
}

async function clearUp() {
  // First, as a process that is stopped takes no other signal but SIGKILL.
  kill("SIGCONT");
  kill(stopSignal);
  await Promise.race([ended, delay(PATIENCE_MS)]);
  kill("SIGKILL");
  await ended;
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  process.exit();
}

process.on("message", run);
process.on("disconnect", clearUp);
