import type { Client } from "../app/client.js";
import { isGuarded, type Operation } from "../app/operations.js";
import { type AppTrial, type Pending, seen } from "../app/trial.js";
import type { TestUser } from "../app/two-factor-app.js";
import { complain } from "../probe.js";
import type { Attack, OperationAttack } from "./attack.js";
import { BACKUP_ONCE } from "./backup-codes.js";
import { ACCEPTED_TWICE, USED } from "./replay.js";

const ATOMIC =
  "Check whether a code was used and mark it as used in one atomic step, with a conditional update or a transaction that locks the row: with a read and then a write, several requests get through.";
const NONE = "One of several parallel requests with a correct code must succeed.";

export const RACES: readonly Attack[] = [
  {
    name: "sign-in: a code signs in only one of several parallel sessions",
    dependsOn: [`sign-in: ${USED}`],
    run: sessions,
  },
  {
    name: "sign-in: a code signs in only once for parallel requests of one session",
    dependsOn: [`sign-in: ${USED}`],
    run: requests,
  },
  {
    name: "backup code: it signs in only one of several parallel sessions",
    needs: ["sendBackupCode"],
    dependsOn: [BACKUP_ONCE],
    run: backupCodes,
  },
];

export const OPERATION_RACES: readonly OperationAttack[] = [
  {
    name: "only one of several parallel requests with the same code succeeds",
    appliesTo: (operation) => isGuarded(operation) && operation.isRepeatable,
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
  judge(outcomes.filter(Boolean).length, logins[0]?.client as Client, trial, "signed in");
}

async function requests(trial: AppTrial): Promise<void> {
  const enrolled = await trial.newUser();
  const { client, login } = await trial.pending(enrolled.user);
  const code = await enrolled.freshCode();
  const copies = Array.from({ length: trial.config.parallel }, () => client.copy());
  await Promise.all(copies.map((each) => trial.config.sendCode(each, code, login)));
  // If the app keeps the session id, all copies have the same session, which counts once.
  const signedIn = new Set<string>();
  for (const each of copies) {
    if (await trial.isSignedIn(each)) signedIn.add(each.identity);
  }
  judge(signedIn.size, copies[0] as Client, trial, "signed in");
}

async function calls(trial: AppTrial, operation: Operation): Promise<void> {
  const enrolled = await trial.newUser();
  const { client, submit } = await operation.prepare(trial, enrolled);
  const code = await enrolled.freshCode();
  const racing = Array.from({ length: trial.config.parallel }, () => submit(code));
  const accepted = (await Promise.all(racing)).filter(Boolean).length;
  judge(accepted, client, trial, "succeeded");
}

function judge(count: number, client: Client, trial: AppTrial, what: string): void {
  if (count === 1) return;
  const happened = `Of ${trial.config.parallel} parallel requests with the same code, ${count} ${what}.`;
  complain(`${happened} ${count > 1 ? ATOMIC : NONE}`, seen(client));
}
