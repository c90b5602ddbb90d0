import { type AppTrial, seen } from "../app/trial.js";
import { complain } from "../probe.js";
import type { Attack } from "./attack.js";

export const BACKUP_ONCE = "backup code: it works only once";

const needs = ["sendBackupCode"] as const;

export const BACKUP_CODES: readonly Attack[] = [
  { name: BACKUP_ONCE, needs, run: once },
  {
    name: "backup code: another user's backup code is refused",
    needs,
    dependsOn: [BACKUP_ONCE],
    run: ofAnother,
  },
];

async function once(trial: AppTrial): Promise<void> {
  const enrolled = await trial.newUser();
  const code = enrolled.backupCode(0);
  const first = await trial.pending(enrolled.user);
  if (!(await trial.complete(first, code, undefined, "backup"))) {
    complain(
      "A backup code did not sign its user in. Check that createUser returns the user's backupCodes, and that sendBackupCode sends the code.",
      seen(first.client),
    );
  }
  for (const again of [code, code.toLowerCase(), code.replace(/[\s-]/g, "")]) {
    const second = await trial.pending(enrolled.user);
    if (!(await trial.complete(second, again, undefined, "backup"))) continue;
    complain(
      "A used backup code was accepted again. Delete a backup code in the same atomic step that finds it, in whatever spelling it is sent.",
      seen(second.client),
    );
  }
}

async function ofAnother(trial: AppTrial): Promise<void> {
  const [victim, attacker] = [await trial.newUser(), await trial.newUser()];
  const pending = await trial.pending(victim.user);
  if (!(await trial.complete(pending, attacker.backupCode(0), undefined, "backup"))) return;
  complain(
    "A backup code of one user signed in another user. Look for the code only among those of the user who is signing in.",
    seen(pending.client),
  );
}
