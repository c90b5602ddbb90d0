import type { Request, Response } from "express";
import type { TotpService, TotpStatus } from "express-totp-setup";
import { type CodeKind, explain, type Problem, type Refusal } from "./messages.js";

/** Renders a view, with what went wrong if something did. */
export function renderProblem(
  res: Response,
  view: string,
  problem: Problem | undefined,
  locals: object,
): void {
  if (problem?.retryAfterSeconds) res.set("Retry-After", String(problem.retryAfterSeconds));
  res.status(problem?.status ?? 200).render(view, { ...locals, problem });
}

/** Which code a form asks for. Both are checked alike: the forms differ in their keyboards and words. */
export function codeKindOf(req: Request): CodeKind {
  return req.query.with === "backup-code" ? "backup-code" : "app";
}

/** What to say, before any code was typed, to a user who is locked. */
export function lockOf({ lockedUntil }: TotpStatus): Problem | undefined {
  if (!lockedUntil) return undefined;
  const retryAfterSeconds = Math.ceil((lockedUntil.getTime() - Date.now()) / 1000);
  // The page itself is there for the asking.
  return { ...explain({ ok: false, reason: "locked", retryAfterSeconds }), status: 200 };
}

/** What to say of a refusal. The wrong code that was one too many is reported as the lock that it led to. */
export async function problemOf(
  totp: TotpService,
  userId: string,
  refusal: Refusal,
  kind: CodeKind,
): Promise<Problem> {
  const problem = explain(refusal, kind);
  if (refusal.reason !== "wrong_code") return problem;
  const lock = lockOf(await totp.status(userId));
  return lock ? { ...lock, status: 429 } : problem;
}
