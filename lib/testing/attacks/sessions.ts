import { ABSENT, replaceValue } from "../app/alter.js";
import { leavesOf } from "../app/leaves.js";
import { type AppTrial, seen } from "../app/trial.js";
import { complain } from "../probe.js";
import type { Attack } from "./attack.js";
import { FIXATION } from "./fixation.js";
import { findLoginIds } from "./login-ids.js";

const CODE_ALONE = "sign-in: a code without the first factor does not sign in";

export const SESSIONS: readonly Attack[] = [
  FIXATION,
  { name: CODE_ALONE, run: codeAlone },
  {
    name: "sign-in: a completed login cannot be completed again",
    needs: ["advance"],
    dependsOn: [CODE_ALONE],
    run: completedTwice,
  },
  { name: "sign-in: another user's code is refused", run: codeOfAnother },
  { name: "sign-in: a missing or malformed login id is refused", run: oddLoginId },
];

async function completedTwice(trial: AppTrial): Promise<void> {
  const enrolled = await trial.newUser();
  const { client, login } = await trial.pending(enrolled.user);
  // With and without the cookies of the login, because the app may identify it by an id instead.
  const others = [client.copy(), trial.newClient()];
  await trial.complete({ client, login }, await enrolled.freshCode());
  for (const other of others) {
    // The first completion may have signed this session in. A copy asks, because the app may replace its cookies.
    if (await trial.isSignedIn(other.copy())) continue;
    if (!(await trial.complete({ client: other, login }, await enrolled.freshCode()))) continue;
    complain(
      "The same pending login was completed a second time, with the next code, and signed in another client. Delete the pending login, or its session, when a code completes it.",
      seen(other),
    );
  }
}

async function codeAlone(trial: AppTrial): Promise<void> {
  const idsOf = await findLoginIds(trial);
  const enrolled = await trial.newUser();
  const { login } = await trial.pending(enrolled.user);
  const known = new Set(leavesOf(enrolled.user).values());
  // A client that has an id which only signIn returns has passed the first factor.
  if (idsOf(login).some((id) => !known.has(id))) return;
  const client = trial.newClient();
  if (!(await trial.complete({ client, login }, await enrolled.freshCode()))) return;
  complain(
    "A code signed in a client that had not passed the first factor. Read the user from the pending login in the session, never from the request.",
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
    "A code of one user completed the login of another user. Compare the code with the secret of the user whose login is pending.";
  if (await trial.complete(pending, code)) complain(complaint, seen(pending.client));
  // If the app identifies a login by cookies, the code would complete the attacker's own login.
  if (idsOf(pending.login).length === 0) return;
  const mixed = { client: own.client, login: pending.login };
  if (await trial.complete(mixed, code)) complain(complaint, seen(own.client));
}

/** Values that replace the id of a login, by their descriptions. */
const ODD_IDS: Readonly<Record<string, unknown>> = {
  "no id at all": ABSENT,
  null: null,
  "an empty string": "",
  true: true,
  "an empty array": [],
  '{ "$ne": null }': { $ne: null },
};

async function oddLoginId(trial: AppTrial): Promise<void> {
  const idsOf = await findLoginIds(trial);
  const enrolled = await trial.newUser();
  const { login } = await trial.pending(enrolled.user);
  const code = await enrolled.freshCode();
  for (const id of idsOf(login)) {
    for (const [shown, value] of Object.entries(ODD_IDS)) {
      const client = trial.newClient();
      const view = client.altered(replaceValue(id, value).alter);
      if (!(await trial.complete({ client, login }, code, view))) continue;
      complain(
        `A pending login was completed by a request with ${shown} instead of its id. Accept only strings as the id.`,
        seen(client),
      );
    }
  }
}
