import type { Client } from "../app/client.js";
import { type AppTrial, seen } from "../app/trial.js";
import { complain } from "../probe.js";
import type { Attack } from "./attack.js";

export const FIXATION: Attack = {
  name: "sign-in: the session id changes when the code is accepted",
  run: fixation,
};

async function fixation(trial: AppTrial): Promise<void> {
  await withEarlierSession(trial);
  await withSessionOfAttacker(trial);
}

/** Uses the session of an anonymous visitor, and that of the user after the first factor. */
async function withEarlierSession(trial: AppTrial): Promise<void> {
  const enrolled = await trial.newUser();
  const client = trial.newClient();
  await trial.isSignedIn(client);
  const anonymous = client.copy();
  const login = await trial.config.signIn(client, enrolled.user);
  const pending = client.copy();
  await trial.complete({ client, login }, await enrolled.freshCode());
  for (const [session, shown] of [
    [anonymous, "from before the first factor"],
    [pending, "from before the code"],
  ] as const) {
    if (await trial.isSignedIn(session)) complainOf(client, shown);
  }
}

/**
 * Uses the session of an attacker who is signed in, because some apps create no sessions for anyone else. The attacker
 * plants its cookie in the user's browser, the user signs in, and both have the same session.
 */
async function withSessionOfAttacker(trial: AppTrial): Promise<void> {
  const planted = (await trial.signedIn(await trial.newUser())).cookiesAlone();
  const enrolled = await trial.newUser();
  const client = planted.copy();
  const login = await trial.config.signIn(client, enrolled.user);
  const code = await enrolled.freshCode();
  await trial.complete({ client, login }, code);
  // If the user got a new session, the old one may still be valid: it is the attacker's own.
  if (!(await trial.isSignedIn(client.cookiesSince(planted)))) return;
  // If the app ignores the login of a client that is already signed in, the code still works.
  if (await trial.complete(await trial.pending(enrolled.user), code)) return;
  complainOf(client, "of another user who was signed in before");
}

function complainOf(client: Client, cookies: string): never {
  complain(
    `After the code was accepted, the session cookies ${cookies} were signed in too (session fixation): anyone who planted or saw the old session id shares the user's session. Create a new session id when the code is accepted, with req.session.regenerate of express-session, for example.`,
    seen(client),
  );
}
