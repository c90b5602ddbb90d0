import type { Client } from "../app/client.js";
import type { Approach, Door } from "../app/doors.js";
import { type AppTrial, type Pending, seen } from "../app/trial.js";
import type { TestUser } from "../app/two-factor-app.js";
import { complain } from "../probe.js";
import type { Attack, DoorAttack } from "./attack.js";
import { BACKUP_ONCE } from "./backup-codes.js";
import { isGuarded } from "./basics.js";
import { ACCEPTED_TWICE, USED } from "./replay.js";

const ATOMIC =
  "The code has to be marked as used in the same atomic step that checks whether it was: a conditional update, or a transaction that locks the row. A read and then a write let several requests through.";
const NONE = "Of requests that come at the same time with one right code, one has to be accepted.";

export const RACES: readonly Attack[] = [
  {
    name: "sign-in: of parallel sessions with one code, one signs in",
    dependsOn: [`sign-in: ${USED}`],
    run: sessions,
  },
  {
    name: "sign-in: of parallel requests of one session with one code, one signs in",
    dependsOn: [`sign-in: ${USED}`],
    run: requests,
  },
  {
    name: "backup code: of parallel sessions with one code, one signs in",
    needs: ["sendBackupCode"],
    dependsOn: [BACKUP_ONCE],
    run: backupCodes,
  },
];

export const DOOR_RACES: readonly DoorAttack[] = [
  {
    name: "of parallel requests with one code, one gets through",
    appliesTo: (door) => isGuarded(door) && door.isRepeatable,
    dependsOn: [ACCEPTED_TWICE],
    run: calls,
  },
];

async function sessions(trial: AppTrial): Promise<void> {
  const enrolled = await trial.newUser();
  await raceLogins(trial, enrolled.user, await enrolled.freshCode());
}

async function backupCodes(trial: AppTrial): Promise<void> {
  const enrolled = await trial.newUser();
  await raceLogins(trial, enrolled.user, enrolled.backupCode(0), "backup");
}

async function raceLogins(
  trial: AppTrial,
  user: TestUser,
  code: string,
  backup?: "backup",
): Promise<void> {
  const logins: Pending[] = [];
  for (let count = 0; count < trial.config.parallel; count++) {
    logins.push(await trial.pending(user));
  }
  const outcomes = await Promise.all(
    logins.map((login) => trial.complete(login, code, undefined, backup)),
  );
  judge(outcomes.filter(Boolean).length, logins[0]?.client, trial, "sessions were signed in");
}

async function requests(trial: AppTrial): Promise<void> {
  const enrolled = await trial.newUser();
  const { client, login } = await trial.pending(enrolled.user);
  const code = await enrolled.freshCode();
  const copies = Array.from({ length: trial.config.parallel }, () => client.copy());
  await Promise.all(copies.map((each) => trial.config.sendCode(each, code, login)));
  // An app that goes on with the session of the login has signed in one session, whoever uses it.
  const signedIn = new Set<string>();
  for (const each of copies) {
    if (await trial.isSignedIn(each)) signedIn.add(each.identity);
  }
  judge(signedIn.size, copies[0], trial, "sessions were signed in");
}

async function calls(trial: AppTrial, door: Door): Promise<void> {
  const enrolled = await trial.newUser();
  const { client, open }: Approach = await door.approach(trial, enrolled);
  const code = await enrolled.freshCode();
  const racing = Array.from({ length: trial.config.parallel }, () => open(code));
  const opened = (await Promise.all(racing)).filter(Boolean).length;
  judge(opened, client, trial, "calls were let through");
}

function judge(count: number, client: Client | undefined, trial: AppTrial, what: string): void {
  if (count === 1) return;
  const how = `Of ${trial.config.parallel} requests with one code at the same time, ${count} ${what}.`;
  complain(count > 1 ? ATOMIC : NONE, client ? seen(client, how) : how);
}
