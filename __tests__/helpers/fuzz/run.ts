import fc from "fast-check";
import type { TargetName } from "./apps.js";
import { exchanges } from "./exchanges.js";
import { type Author, createJudge } from "./judge.js";
import type { Facts, UserState } from "./users.js";
import { type Reply, sendBytes } from "./wire.js";

/** A server under test, in this process or in another. */
export interface Server {
  port(): Promise<number>;
  prepare(user: string, state: UserState): Promise<Facts>;
  /** What went wrong with a user's requests since it was last asked: errors, warnings, its end. */
  takeProblems(user: string): string[];
}

/** What went wrong, and with whose request, if that is known. */
export interface Problem {
  user?: string | undefined;
  text: string;
}

/** Takes the problems of a user, and those of nobody in particular, out of a list. */
export function takeFrom(problems: Problem[], user: string): string[] {
  const isOwn = (problem: Problem) => problem.user === undefined || problem.user === user;
  const own = problems.filter(isOwn);
  problems.splice(0, problems.length, ...problems.filter((problem) => !isOwn(problem)));
  return own.map(({ text }) => text);
}

export interface Tally {
  requests: number;
  authors: Record<Author, number>;
  /** By their first digit. */
  statuses: Record<number, number>;
  /** By status, of the documented ones. */
  documented: Record<number, number>;
  /** Requests without a response: cut off, never completed, or behind one that ended the connection. */
  silent: number;
}

export const createTally = (): Tally => ({
  requests: 0,
  authors: { documented: 0, Express: 0, Node: 0 },
  statuses: {},
  documented: {},
  silent: 0,
});

export interface Failure {
  seed: number;
  path: string | null;
  message: string;
}

/** Half a request is given up after this long; the app itself gives up a body sooner. */
const QUIET_MS = 120;
/** A whole one has a response, however busy the machine is. */
const PATIENT_MS = 30_000;

/** Sends exchanges to one user of a server until one has a response that it should not have. */
export async function fuzz(
  target: TargetName,
  server: Server,
  options: { user: string; seed: number; numRuns: number; tally: Tally },
): Promise<Failure | undefined> {
  const { user, seed, numRuns, tally } = options;
  const judge = createJudge(target);
  const property = fc.asyncProperty(exchanges(target), async ({ state, write, ...exchange }) => {
    const facts = await server.prepare(user, state);
    const parts = write(facts);
    const quietMs = exchange.isValid ? PATIENT_MS : QUIET_MS;
    const shown = () => `${JSON.stringify(state)}\n${JSON.stringify(parts)}`;
    const replies = await sendBytes(await server.port(), {
      parts,
      isCut: exchange.isCut,
      quietMs,
    }).catch((error: unknown) => {
      throw new Error(`${String(error)}\n${shown()}`);
    });
    const problems = [...judgeAll(replies), ...server.takeProblems(user)];
    if (exchange.isValid && replies.length !== exchange.count) {
      problems.push(`${replies.length} responses to ${exchange.count} requests`);
    }
    count(tally, exchange.count, replies);
    if (problems.length > 0) throw new Error(`${problems.join("\n")}\n${shown()}`);
  });

  function judgeAll(replies: readonly Reply[]): string[] {
    return replies.flatMap((reply) => {
      const { author, problems } = judge(reply);
      tally.authors[author]++;
      if (author === "documented") {
        tally.documented[reply.status] = (tally.documented[reply.status] ?? 0) + 1;
      }
      const { method, path } = reply.asked ?? {};
      return problems.map((problem) => `${method} ${path} ${reply.status}: ${problem}`);
    });
  }

  const result = await fc.check(property, { seed, numRuns, endOnFailure: false });
  if (!result.failed) return undefined;
  const { errorInstance, counterexamplePath: path } = result;
  const message = errorInstance instanceof Error ? errorInstance.message : String(errorInstance);
  return { seed, path, message };
}

function count(tally: Tally, requests: number, replies: readonly Reply[]): void {
  tally.requests += requests;
  tally.silent += Math.max(requests - replies.length, 0);
  for (const { status } of replies) {
    const digit = Math.floor(status / 100);
    tally.statuses[digit] = (tally.statuses[digit] ?? 0) + 1;
  }
}
