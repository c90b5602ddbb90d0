import type { Enrolled } from "../app/enrolled.js";
import type { Operation } from "../app/operations.js";
import { type AppTrial, type ClientSetup, seen } from "../app/trial.js";
import { complain } from "../probe.js";
import type { Attack, OperationAttack } from "./attack.js";

const LIMIT =
  "Count wrong codes per account, for all operations together and no matter where they come from, and refuse all codes for a while after a few: with a million possible codes, of which several are valid at a time, an attacker guesses one within days.";

const LOCKS = "wrong codes lock the account, even for a correct code";
const NEW_SESSIONS = "sign-in: a new session for each wrong code does not avoid the lock";

export const OPERATION_LOCKOUTS: readonly OperationAttack[] = [
  { name: LOCKS, run: locks },
  {
    name: "a correct code does not end the lock",
    needs: ["advance"],
    dependsOn: [LOCKS],
    run: staysLocked,
  },
];

export const LOCKOUTS: readonly Attack[] = [
  {
    name: NEW_SESSIONS,
    dependsOn: [`sign-in: ${LOCKS}`],
    run: (trial) => lockFromSessions(trial, "session", () => ({})),
  },
  {
    name: "sign-in: a new address for each wrong code does not avoid the lock",
    dependsOn: [NEW_SESSIONS],
    run: (trial) =>
      lockFromSessions(trial, "address", (index) => ({ headers: addressHeaders(index) })),
  },
  {
    name: "sign-in: a new user agent for each wrong code does not avoid the lock",
    dependsOn: [NEW_SESSIONS],
    run: (trial) =>
      lockFromSessions(trial, "user agent", (index) => ({
        headers: { "User-Agent": `a${index}` },
      })),
  },
  {
    name: "sign-in: all wrong codes sent in parallel are counted",
    dependsOn: [NEW_SESSIONS],
    run: countsAll,
  },
];

async function locks(trial: AppTrial, operation: Operation): Promise<void> {
  const enrolled = await trial.newUser();
  const { client, submit } = await operation.prepare(trial, enrolled);
  for (const code of wrongCodes(trial, enrolled)) await submit(code);
  if (!(await submit(await enrolled.freshCode()))) return;
  complain(
    `The account was not locked: after ${wrong(trial)}, a correct code was accepted (${operation.name}). ${LIMIT}`,
    seen(client),
  );
}

async function staysLocked(trial: AppTrial, operation: Operation): Promise<void> {
  const enrolled = await trial.newUser();
  const { client, submit } = await operation.prepare(trial, enrolled);
  for (const code of wrongCodes(trial, enrolled)) await submit(code);
  await submit(await enrolled.freshCode());
  if (!(await submit(await enrolled.freshCode()))) return;
  complain(
    `A correct code ended the lock: after ${wrong(trial)} and one correct code, which was refused, the next correct code was accepted (${operation.name}). While an account is locked, do not verify codes at all, so that a correct code does not reset the count.`,
    seen(client),
  );
}

async function lockFromSessions(
  trial: AppTrial,
  what: string,
  setupOf: (index: number) => ClientSetup,
): Promise<void> {
  const enrolled = await trial.newUser();
  let index = 0;
  for (const code of wrongCodes(trial, enrolled)) {
    await trial.complete(await trial.pending(enrolled.user, setupOf(index++)), code);
  }
  const last = await trial.pending(enrolled.user, setupOf(index));
  if (!(await trial.complete(last, await enrolled.freshCode()))) return;
  complain(
    `The account was not locked: after ${wrong(trial)}, each with a new ${what}, a correct code signed in. ${LIMIT}`,
    seen(last.client),
  );
}

async function countsAll(trial: AppTrial): Promise<void> {
  const enrolled = await trial.newUser();
  const { client, login } = await trial.pending(enrolled.user);
  // Twice as many, because an app may refuse some parallel requests without verifying the code.
  const codes = enrolled.wrongCodes(trial.config.lockAfter * 2);
  await Promise.all(codes.map((code) => trial.config.sendCode(client.copy(), code, login)));
  const next = await trial.pending(enrolled.user);
  if (!(await trial.complete(next, await enrolled.freshCode()))) return;
  complain(
    `The account was not locked: after ${codes.length} wrong codes in parallel, a correct code signed in. Count each wrong code in one atomic step, so that parallel requests do not overwrite each other's count.`,
    seen(next.client),
  );
}

function wrongCodes({ config }: AppTrial, enrolled: Enrolled): string[] {
  return enrolled.wrongCodes(config.lockAfter);
}

function wrong({ config }: AppTrial): string {
  return `${config.lockAfter} wrong codes`;
}

function addressHeaders(index: number): Record<string, string> {
  const address = `198.51.100.${index + 1}`;
  return { "X-Forwarded-For": address, "X-Real-IP": address, Forwarded: `for=${address}` };
}
