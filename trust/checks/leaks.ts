// Records every API key, secret, code, backup code and token of many lives, in which each callback, the store and the
// clock fail in turn. None may be in a response that is not there to hand it out, an event, an error, a log line, a
// warning, or in what any public object shows of itself.
import { fork } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { styleText } from "node:util";
import type { Lived } from "../leaks/lives.js";

const { LEAKS_ROUNDS = "1" } = process.env;

interface Row extends Lived {
  release: string;
}

const rows: Row[] = [];
const problems = new Set<string>();
for (let round = 0; round < Number(LEAKS_ROUNDS); round++) await Promise.all(["5", "4"].map(run));

console.table(
  rows.map(({ release, errors, lives, secrets, texts, leaks }) => ({
    Express: release,
    errors:
      errors === "log" ? "thrown, printed by the default log" : "of the library, given to hooks",
    lives,
    secrets,
    "texts searched": texts,
    leaks: leaks.length,
  })),
);
for (const problem of problems) console.error(styleText("red", problem));
process.exitCode = problems.size > 0 ? 1 : 0;

async function run(release: string): Promise<void> {
  const express4 = path.join(import.meta.dirname, "../fuzz/express-4.mjs");
  const child = fork(path.join(import.meta.dirname, "../leaks/lives.ts"), {
    execArgv: ["--import", "tsx", ...(release === "4" ? ["--import", express4] : [])],
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  // What is printed in a life is searched there; so nothing is left to be printed here.
  for (const output of [child.stdout, child.stderr]) {
    output?.on("data", (text: Buffer) => problems.add(`Express ${release} printed ${text}`));
  }
  child.on("message", (lived: Lived) => {
    rows.push({ ...lived, release });
    for (const leak of lived.leaks) problems.add(`Express ${release}: ${leak}`);
  });
  const [status] = await once(child, "exit");
  if (status !== 0) problems.add(`Express ${release} ended with ${status}`);
}
