import path from "node:path";
import { codeAt, wrongCodes } from "../../helpers/service.js";
import { type Program, startProgram } from "../../helpers/snippets-program.js";

export const root = path.join(__dirname, "../../..");
export const SERVER = "examples/web/server.ts";
export const DEMO_ACCOUNT = { email: "ada@example.com", password: "analytical-engine" };

/** Somebody who has no account yet. */
export const GRACE = { email: "grace@example.com", password: "nanoseconds" };

/** The demo in a process of its own, with a clock that can be put forward. */
export interface Demo {
  program: Program;
  url: string;
  /** All that it printed when it was ready. */
  greeting: string;
  /** What its clock says, in milliseconds. */
  now(): number;
  advance(seconds: number): Promise<void>;
  /** The code that an authenticator app shows now. */
  code(secret: string): string;
  wrongCodes(count: number, secret: string): string[];
}

/** @param hashing By default passwords and backup codes are hashed at next to no cost. */
export async function startDemo(
  env: NodeJS.ProcessEnv = {},
  hashing: "cheap" | "real" = "cheap",
): Promise<Demo> {
  const program = startProgram(SERVER, {
    cwd: root,
    env: { PORT: "0", DATABASE: ":memory:", ...env },
    preload: hashing === "real" ? ["snippets-clock"] : ["snippets-clock", "snippets-scrypt"],
  });
  const [greeting, url = ""] = await program.printed(/Open (http:\S+) [\s\S]*Ctrl\+C.*/);
  let ahead = 0;
  const now = () => Date.now() + ahead;
  return {
    program,
    url,
    greeting,
    now,
    advance: async (seconds) => {
      await program.advanceClock(seconds * 1000);
      ahead += seconds * 1000;
    },
    code: (secret) => codeAt(secret, now()),
    wrongCodes: (count, secret) => wrongCodes(count, now(), secret),
  };
}

/** What it wrote to stderr, without what some versions of Node say of `node:sqlite`. */
export function complaintsOf(stderr: string): string {
  return stderr.replace(/^\(node:\d+\) ExperimentalWarning: SQLite .*\n\(Use .*\n/m, "");
}
