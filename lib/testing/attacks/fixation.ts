import type { Client } from "../app/client.js";
import { type AppTrial, seen } from "../app/trial.js";
import { complain } from "../probe.js";
import type { Attack } from "./attack.js";

export const FIXATION: Attack = {
  name: "sign-in: no session from before the code is signed in by it",
  run: fixation,
};

async function fixation(trial: AppTrial): Promise<void> {
  await fromBefore(trial);
  await fromAnotherUser(trial);
}

/** With the session that an anonymous visitor got, or who has passed the first factor. */
async function fromBefore(trial: AppTrial): Promise<void> {
  const enrolled = await trial.newUser();
  const client = trial.newClient();
  await trial.isSignedIn(client);
  const planted = client.copy();
  const login = await trial.config.signIn(client, enrolled.user);
  const waiting = client.copy();
  await trial.complete({ client, login }, await enrolled.freshCode());
  for (const [session, shown] of [
    [planted, "the first factor"],
    [waiting, "the code"],
  ] as const) {
    if (await trial.isSignedIn(session)) complainOf(client, `from before ${shown}`);
  }
}

/**
 * With the session of an attacker who has signed in: some apps start sessions for nobody else. The attacker plants it in
 * a browser, its user signs in there, and both are in one session.
 */
async function fromAnotherUser(trial: AppTrial): Promise<void> {
  const planted = (await trial.signedIn(await trial.newUser())).cookiesAlone();
  const enrolled = await trial.newUser();
  const client = planted.copy();
  const login = await trial.config.signIn(client, enrolled.user);
  const code = await enrolled.freshCode();
  if (!(await trial.complete({ client, login }, code))) return;
  // A session that goes on beside the new one is still the attacker's own.
  if (!(await trial.isSignedIn(client.cookiesSince(planted)))) return;
  // An app that lets nobody sign in twice has not looked at the code, which therefore still works.
  if (await trial.complete(await trial.pending(enrolled.user), code)) return;
  complainOf(client, "of another user");
}

function complainOf(client: Client, session: string): never {
  complain(
    "Begin a new session with a new id when the code was right (express-session: req.session.regenerate): who planted or saw the old id is signed in with it otherwise.",
    seen(client, `The cookies ${session} were signed in after the code.`),
  );
}
