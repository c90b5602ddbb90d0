// The kit in the hands of real runners, each in a process of its own.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import path from "node:path";
import { text } from "node:stream/consumers";
import { createMemoryStore } from "express-totp-setup";
import { record } from "./recording-runner.js";

const root = path.join(__dirname, "../..");
const fixture = (name: string) => path.join(__dirname, "runners", name);
const program = (name: string) => path.join(root, "node_modules", name);

interface Runner {
  runner: string;
  /** With the runner's own time for a test cut short: the kit has to ask for more. */
  args: string[];
  passedIn(output: string): number;
}

const passedInTap = (output: string) => Number(/^# pass (\d+)$/m.exec(output)?.[1]);

const RUNNERS: readonly Runner[] = [
  {
    runner: "Jest",
    args: [
      program("jest/bin/jest.js"),
      ...["--testMatch", fixture("globals.ts"), "--testTimeout", "300", "--json"],
    ],
    passedIn: (output) => JSON.parse(output).numPassedTests,
  },
  {
    runner: "Vitest",
    args: [
      program("vitest/vitest.mjs"),
      ...["run", "--config", fixture("vitest.config.ts"), "--root", root],
      ...["--testTimeout", "300", "--reporter", "json"],
    ],
    passedIn: (output) => JSON.parse(output).numPassedTests,
  },
  {
    runner: "Mocha",
    args: [
      ...["--import", "tsx", program("mocha/bin/mocha.js"), fixture("globals.ts")],
      ...["--timeout", "300", "--reporter", "json"],
    ],
    passedIn: (output) => JSON.parse(output).stats.passes,
  },
  {
    runner: "node:test",
    args: ["--import", "tsx", "--test", "--test-reporter", "tap", fixture("node-test.ts")],
    passedIn: passedInTap,
  },
];

const CHECKS = record(() => createMemoryStore()).size;
const QUICK_CHECKS = record(() => createMemoryStore(), { expires: false }).size;
/** Those of the races in which two calls for one user can win. */
const RACES_LOST = 5;

async function run(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  // Colors would be in the reports, and Jest's mark of its workers is none of the child's concern.
  const { FORCE_COLOR: _, JEST_WORKER_ID: __, ...own } = process.env;
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { ...own, NO_COLOR: "1", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = once(child, "close");
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [status] = await ended;
  if (output.trim() === "") throw new Error(`no report, but: ${errors}`);
  return { output, status };
}

test.concurrent.each(RUNNERS)(
  "$runner passes a sound store",
  async ({ args, passedIn }) => {
    const { output, status } = await run(args);
    expect({ passed: passedIn(output), status }).toEqual({ passed: CHECKS, status: 0 });
  },
  60_000,
);

test.concurrent.each(RUNNERS)(
  "$runner fails a faulty store",
  async ({ args, passedIn }) => {
    const { output, status } = await run(args, { FAULTY_STORE: "1" });
    expect(passedIn(output)).toBe(QUICK_CHECKS - RACES_LOST);
    expect(status).toBeGreaterThan(0);
  },
  60_000,
);

test.concurrent("the documented example runs as it stands", async () => {
  const source = readFileSync(path.join(root, "lib/testing/test-store.ts"), "utf8");
  const [, block = ""] = /\* ```ts\n(.+?) \* ```/s.exec(source) ?? [];
  expect(block.replace(/^ \* ?/gm, "")).toBe(readFileSync(fixture("example.ts"), "utf8"));
  const args = ["--import", "tsx", "--test", "--test-reporter", "tap", fixture("example.ts")];
  const { output, status } = await run(args);
  expect({ passed: passedInTap(output), status }).toEqual({ passed: CHECKS, status: 0 });
}, 120_000);
