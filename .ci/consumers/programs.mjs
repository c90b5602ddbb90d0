import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { promisify } from "node:util";

/** @typedef {string[]} Command a program and its arguments */

/**
 * @param {string} folder
 * @param {Command} command
 */
export async function run(folder, [program = "", ...args]) {
  try {
    await promisify(execFile)(program, args, { cwd: folder });
  } catch (cause) {
    const { stdout = "", stderr = "" } = /** @type {Record<string, string>} */ (cause);
    throw new Error(`${program} ${args.join(" ")}\n${stdout}${stderr}`, { cause });
  }
}

/**
 * Runs a program that prints the port it listens on.
 *
 * @param {Command} command
 * @param {(url: string) => Promise<void>} use
 */
export async function withServer([program = "", ...args], use) {
  const server = spawn(program, args, { stdio: ["ignore", "pipe", "inherit"] });
  const exit = once(server, "exit");
  try {
    const signal = AbortSignal.timeout(30_000);
    for await (const port of createInterface({ input: server.stdout, signal })) {
      return await use(`http://127.0.0.1:${port}`);
    }
    throw new Error(`${program} ${args.join(" ")} did not print a port`);
  } finally {
    server.kill();
    await exit;
  }
}
