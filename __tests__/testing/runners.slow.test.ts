// The kits with real runners, each in its own process.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import path from "node:path";
import { text } from "node:stream/consumers";
import { createMemoryStore } from "express-totp-setup";
import { testTwoFactorApp } from "express-totp-setup/testing";
import { record, recordTests } from "./recording-runner.js";
import { app } from "./runners/attack-app.js";

const root = path.join(__dirname, "../..");
const fixture = (name: string) => path.join(__dirname, "runners", name);
const program = (name: string) => path.join(root, "node_modules", name);

interface Runner {
  runner: string;
  /** Sets a short timeout for tests, so that the kit has to set a longer one. */
  args(kit: Kit): string[];
  countIn(output: string): Counts;
}

/** Prefix of the fixtures. */
type Kit = "" | "attack-";

interface Counts {
  passed: number;
  skipped: number;
}

const countInTap = (output: string): Counts => {
  const count = (what: string) => Number(new RegExp(`^# ${what} (\\d+)$`, "m").exec(output)?.[1]);
  return { passed: count("pass"), skipped: count("skipped") };
};
const countInJson = (output: string): Counts => {
  const { numPassedTests: passed, numPendingTests: skipped } = JSON.parse(output);
  return { passed, skipped };
};

const RUNNERS: readonly Runner[] = [
  {
    runner: "Jest",
    args: (kit) => [
      program("jest/bin/jest.js"),
      ...["--testMatch", fixture(`${kit}globals.ts`), "--testTimeout", "300", "--json"],
    ],
    countIn: countInJson,
  },
  {
    runner: "Vitest",
    args: (kit) => [
      program("vitest/vitest.mjs"),
      ...[
        "run",
        `runners/${kit}vitest.ts`,
        "--config",
        fixture("vitest.config.ts"),
        "--root",
        root,
      ],
      ...["--testTimeout", "300", "--reporter", "json"],
    ],
    countIn: countInJson,
  },
  {
    runner: "Mocha",
    args: (kit) => [
      ...["--import", "tsx", program("mocha/bin/mocha.js"), fixture(`${kit}globals.ts`)],
      ...["--timeout", "300", "--reporter", "json"],
    ],
    countIn(output) {
      const { passes: passed, pending: skipped } = JSON.parse(output).stats;
      return { passed, skipped };
    },
  },
  {
    runner: "node:test",
    args: (kit) => [
      ...["--import", "tsx", "--test", "--test-reporter", "tap"],
      fixture(`${kit}node-test.ts`),
    ],
    countIn: countInTap,
  },
];

const CHECKS = record(() => createMemoryStore()).size;
const QUICK_CHECKS = record(() => createMemoryStore(), { expires: false }).size;
/** Checks of races that fail if two calls for one user can win. */
const RACES_LOST = 5;

async function run(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  // Without colors in the reports, and without the variable that Jest sets in its workers.
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
  "$runner passes a correct store",
  async ({ args, countIn }) => {
    const { output, status } = await run(args(""));
    expect({ ...countIn(output), status }).toEqual({ passed: CHECKS, skipped: 0, status: 0 });
  },
  60_000,
);

test.concurrent.each(RUNNERS)(
  "$runner fails a faulty store",
  async ({ args, countIn }) => {
    const { output, status } = await run(args(""), { FAULTY_STORE: "1" });
    expect(countIn(output).passed).toBe(QUICK_CHECKS - RACES_LOST);
    expect(status).toBeGreaterThan(0);
  },
  60_000,
);

const attacks = recordTests((runner) => testTwoFactorApp(runner, app));
const ATTACKS = { passed: attacks.checks.size, skipped: attacks.skipped.length };
/** A code older than the last accepted one: at the sign-in, transfer, step-up, and when two-factor is turned off. */
const ATTACKS_LOST = 4;

test.concurrent.each(RUNNERS)(
  "$runner passes a correct app, and shows what was skipped",
  async ({ args, countIn }) => {
    const { output, status } = await run(args("attack-"));
    expect(ATTACKS.skipped).toBe(3);
    expect({ ...countIn(output), status }).toEqual({ ...ATTACKS, status: 0 });
  },
  60_000,
);

test.concurrent.each(RUNNERS)(
  "$runner fails an app with a bug",
  async ({ args, countIn }) => {
    const { output, status } = await run(args("attack-"), { FAULTY_APP: "1" });
    expect(countIn(output)).toEqual({ ...ATTACKS, passed: ATTACKS.passed - ATTACKS_LOST });
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
  expect({ ...countInTap(output), status }).toEqual({ passed: CHECKS, skipped: 0, status: 0 });
}, 120_000);
