import type { Door } from "../app/doors.js";
import type { Enrolled } from "../app/enrolled.js";
import { type AppTrial, type ClientLooks, seen } from "../app/trial.js";
import { complain } from "../probe.js";
import type { Attack, DoorAttack } from "./attack.js";

const LIMIT =
  "Count the wrong codes of an account, for whatever call and from wherever they come, and refuse all single codes for a while after a few: with a million codes, of which a few are right at a time, guessing gets in within days.";

const LOCKS = "wrong codes lock the account, also to the right code";
const NEW_SESSIONS = "sign-in: a new session for each wrong code does not avoid the lock";

export const DOOR_LOCKOUTS: readonly DoorAttack[] = [
  { name: LOCKS, run: locks },
  {
    name: "a right code does not end the lock",
    needs: ["advance"],
    dependsOn: [LOCKS],
    run: staysLocked,
  },
];

export const LOCKOUTS: readonly Attack[] = [
  {
    name: NEW_SESSIONS,
    dependsOn: [`sign-in: ${LOCKS}`],
    run: (trial) => lockFromSessions(trial, () => ({})),
  },
  {
    name: "sign-in: a new address for each wrong code does not avoid the lock",
    dependsOn: [NEW_SESSIONS],
    run: (trial) => lockFromSessions(trial, (index) => ({ headers: addressHeaders(index) })),
  },
  {
    name: "sign-in: a new user agent for each wrong code does not avoid the lock",
    dependsOn: [NEW_SESSIONS],
    run: (trial) =>
      lockFromSessions(trial, (index) => ({ headers: { "User-Agent": `a${index}` } })),
  },
  {
    name: "sign-in: wrong codes at the same time are all counted",
    dependsOn: [NEW_SESSIONS],
    run: countsAll,
  },
];

async function locks(trial: AppTrial, door: Door): Promise<void> {
  const enrolled = await trial.newUser();
  const { client, open } = await door.approach(trial, enrolled);
  for (const code of wrongCodes(trial, enrolled)) await open(code);
  if (!(await open(await enrolled.freshCode()))) return;
  complain(LIMIT, seen(client, `${after(trial)}, the right code was accepted at once.`));
}

async function staysLocked(trial: AppTrial, door: Door): Promise<void> {
  const enrolled = await trial.newUser();
  const { client, open } = await door.approach(trial, enrolled);
  for (const code of wrongCodes(trial, enrolled)) await open(code);
  await open(await enrolled.freshCode());
  if (!(await open(await enrolled.freshCode()))) return;
  complain(
    "While an account is locked, do not look at codes at all: a right one must not set the count of wrong ones back.",
    seen(client, `${after(trial)}, a right code was sent, and the next right one was accepted.`),
  );
}

async function lockFromSessions(
  trial: AppTrial,
  looksOf: (index: number) => ClientLooks,
): Promise<void> {
  const enrolled = await trial.newUser();
  let index = 0;
  for (const code of wrongCodes(trial, enrolled)) {
    await trial.complete(await trial.pending(enrolled.user, looksOf(index++)), code);
  }
  const last = await trial.pending(enrolled.user, looksOf(index));
  if (!(await trial.complete(last, await enrolled.freshCode()))) return;
  complain(
    LIMIT,
    seen(last.client, `${after(trial)}, each by such a client, a right one signed in.`),
  );
}

async function countsAll(trial: AppTrial): Promise<void> {
  const enrolled = await trial.newUser();
  const { client, login } = await trial.pending(enrolled.user);
  // Twice as many: an app may refuse some unseen, as they come at the same time.
  const codes = enrolled.wrongCodes(trial.config.lockAfter * 2);
  await Promise.all(codes.map((code) => trial.config.sendCode(client.copy(), code, login)));
  const next = await trial.pending(enrolled.user);
  if (!(await trial.complete(next, await enrolled.freshCode()))) return;
  complain(
    `Count wrong codes in one atomic step each: requests at the same time must not overwrite each other's count.`,
    seen(next.client, `After ${codes.length} wrong codes at the same time, a right one signed in.`),
  );
}

function wrongCodes({ config }: AppTrial, enrolled: Enrolled): string[] {
  return enrolled.wrongCodes(config.lockAfter);
}

function after({ config }: AppTrial): string {
  return `After ${config.lockAfter} wrong codes`;
}

function addressHeaders(index: number): Record<string, string> {
  const address = `198.51.100.${index + 1}`;
  return { "X-Forwarded-For": address, "X-Real-IP": address, Forwarded: `for=${address}` };
}
