import { ABSENT, replaceCode } from "../app/code-field.js";
import { leavesOf } from "../app/leaves.js";
import { type AppTrial, seen } from "../app/trial.js";
import { complain } from "../probe.js";
import type { Attack } from "./attack.js";
import { FIXATION } from "./fixation.js";
import { findLoginIds } from "./login-ids.js";

const CODE_ALONE = "sign-in: a code without the first factor does not sign in";

export const SESSIONS: readonly Attack[] = [
  FIXATION,
  {
    name: "sign-in: a login that was completed cannot be completed again",
    needs: ["advance"],
    dependsOn: [CODE_ALONE],
    run: completedTwice,
  },
  { name: CODE_ALONE, run: codeAlone },
  { name: "sign-in: a code of another user is refused", run: codeOfAnother },
  { name: "sign-in: anything in the place of a login completes none", run: oddLogin },
];

async function completedTwice(trial: AppTrial): Promise<void> {
  const enrolled = await trial.newUser();
  const { client, login } = await trial.pending(enrolled.user);
  // With the cookies of the login, and without: an app that knows it by an id may look at no cookie.
  const others = [client.copy(), trial.newClient()];
  await trial.complete({ client, login }, await enrolled.freshCode());
  for (const other of others) {
    // A session that the first completion signed in proves nothing. Asked by a copy, whose cookies the app may replace.
    if (await trial.isSignedIn(other.copy())) continue;
    if (!(await trial.complete({ client: other, login }, await enrolled.freshCode()))) continue;
    complain(
      "A login that waits for its code is used up by the code that completes it. Delete it, or its session, then.",
      seen(other, "The same login was completed a second time, with the next code."),
    );
  }
}

async function codeAlone(trial: AppTrial): Promise<void> {
  const idsOf = await findLoginIds(trial);
  const enrolled = await trial.newUser();
  const { login } = await trial.pending(enrolled.user);
  const known = new Set(leavesOf(enrolled.user).values());
  // Whoever has an id that only the login returned has passed the first factor.
  if (idsOf(login).some((id) => !known.has(id))) return;
  const client = trial.newClient();
  if (!(await trial.complete({ client, login }, await enrolled.freshCode()))) return;
  complain(
    "A code signed in without the first factor. Take the user from the login that waits in the session, never from the request.",
    seen(client),
  );
}

async function codeOfAnother(trial: AppTrial): Promise<void> {
  const idsOf = await findLoginIds(trial);
  const [victim, attacker] = [await trial.newUser(), await trial.newUser()];
  const pending = await trial.pending(victim.user);
  const own = await trial.pending(attacker.user);
  const code = await attacker.freshCode();
  const complaint =
    "A code of one user completed the login of another one. Compare it with the secret of the user whose login it is.";
  if (await trial.complete(pending, code)) complain(complaint, seen(pending.client));
  // Without an id in the request, it is the login of the cookies, and the code is right.
  if (idsOf(pending.login).length === 0) return;
  const mixed = { client: own.client, login: pending.login };
  if (await trial.complete(mixed, code)) complain(complaint, seen(own.client));
}

/** What stands in the place of the id of a login, by the words for it. */
const NO_LOGINS: Readonly<Record<string, unknown>> = {
  "no field": ABSENT,
  null: null,
  '""': "",
  true: true,
  "[]": [],
  '{ "$ne": null }': { $ne: null },
};

async function oddLogin(trial: AppTrial): Promise<void> {
  const idsOf = await findLoginIds(trial);
  const enrolled = await trial.newUser();
  const { login } = await trial.pending(enrolled.user);
  const code = await enrolled.freshCode();
  for (const id of idsOf(login)) {
    for (const [shown, value] of Object.entries(NO_LOGINS)) {
      const client = trial.newClient();
      const view = client.altered(replaceCode(id, value).alter);
      if (!(await trial.complete({ client, login }, code, view))) continue;
      complain(
        "A request that names no login completed one that was waiting. Accept nothing but a string as its id.",
        seen(client, `Sent in the place of the id was ${shown}.`),
      );
    }
  }
}
