import { randomUUID } from "node:crypto";
import { codeAt } from "../service.js";
import type { Fleet } from "./fleet.js";
import * as questions from "./questions.js";

/** A user whose TOTP is on. */
export interface Member {
  user: string;
  secret: string;
  backupCodes: string[];
}

/** The code that a user's authenticator app shows now. */
export function codeNow({ now }: Fleet, { secret }: { secret: string }): string {
  return codeAt(secret, now);
}

/** Turns TOTP on for new users, each begun on one worker and confirmed on another. */
export function enrollAll(fleet: Fleet, count: number): Promise<Member[]> {
  return Promise.all(Array.from({ length: count }, (_, i) => enroll(fleet, i)));
}

async function enroll(fleet: Fleet, worker: number): Promise<Member> {
  const user = randomUUID();
  const begun = await fleet.ask(worker, questions.setup(user));
  const secret = String(begun.body.secret);
  const code = codeAt(secret, fleet.now);
  const confirmed = await fleet.ask(worker + 1, questions.confirm(user, code));
  if (confirmed.status !== 200) {
    throw new Error(`Not enrolled: ${begun.status}, ${JSON.stringify(confirmed.body)}`);
  }
  return { user, secret, backupCodes: confirmed.body.backup_codes as string[] };
}

/** Codes that a user's authenticator app shows neither now nor a step before or after: as many as asked for. */
export function wrongCodesNow(
  fleet: Fleet,
  { secret }: { secret: string },
  count: number,
): string[] {
  const right = [-30_000, 0, 30_000].map((ahead) => codeAt(secret, fleet.now + ahead));
  return Array.from({ length: count + right.length }, (_, i) => String(i).padStart(6, "0"))
    .filter((code) => !right.includes(code))
    .slice(0, count);
}
