import { addFields, addToQuery, replaceCode } from "../app/code-field.js";
import { uriOfSecret } from "../app/enrolled.js";
import { beginSetup, enrollByRoutes, newWithoutTotp, phoneOf, SETUP_NEEDS } from "../app/setup.js";
import { type AppTrial, seen } from "../app/trial.js";
import { readUri } from "../authenticator.js";
import { complain } from "../probe.js";
import { type Attack, dependingOn } from "./attack.js";

/** That a setup works for who may do it, on which the attacks on it depend. */
export const TURNED_ON = "setup: a user turns two-factor on";
export const LIVE_SECRET = "setup: it shows no secret that is in use";
const ANONYMOUS = "setup: it is for nobody who is not signed in";

const ON_SETUPS: readonly Attack[] = [
  { name: ANONYMOUS, needs: ["beginSetup"], run: anonymous },
  {
    name: "setup: it is not for a login that waits for its code",
    needs: ["beginSetup"],
    dependsOn: [ANONYMOUS],
    run: waiting,
  },
  { name: LIVE_SECRET, needs: ["beginSetup"], run: liveSecret },
  {
    name: "setup: without a code it replaces no authenticator",
    needs: ["beginSetup", "confirmSetup", "advance"],
    dependsOn: [LIVE_SECRET],
    run: replaces,
  },
  { name: "setup: the client cannot choose the secret", needs: SETUP_NEEDS, run: chosenSecret },
  {
    name: "setup: an old sign-in cannot begin one",
    needs: ["createUserWithoutTotp", "beginSetup", "setupWithinSeconds", "advance"],
    run: oldSignIn,
  },
];

export const SETUPS: readonly Attack[] = [
  { name: TURNED_ON, needs: SETUP_NEEDS, run: turnsOn },
  ...dependingOn([TURNED_ON], ON_SETUPS),
];

async function turnsOn(trial: AppTrial): Promise<void> {
  const { user, client } = await enrollByRoutes(trial);
  const again = await trial.pending(user);
  if (!(await trial.isSignedIn(again.client))) return;
  complain(
    "The setup was confirmed with a right code, and the first factor alone still signs in. Does confirmSetup send the code?",
    seen(client),
  );
}

async function anonymous(trial: AppTrial): Promise<void> {
  const client = trial.newClient();
  if ((await beginSetup(trial, client)) === undefined) return;
  complain("A setup begins for who is signed in, and for nobody else.", seen(client));
}

async function waiting(trial: AppTrial): Promise<void> {
  const { user } = await trial.newUser();
  const { client } = await trial.pending(user);
  if ((await beginSetup(trial, client)) === undefined) return;
  complain(
    "Who has the password alone was shown a secret, and enrolls another phone with it. While two-factor is on, a login that waits for its code may give that code, and nothing else.",
    seen(client),
  );
}

async function liveSecret(trial: AppTrial): Promise<void> {
  const enrolled = await trial.newUser();
  const client = await trial.signedIn(enrolled);
  const uri = await beginSetup(trial, client);
  if (uri === undefined || readUri(uri).secret !== enrolled.secret) return;
  complain(
    "The secret in use was shown again: a stolen session copies the phone with it. Generate a new one for each setup, and show it until it is confirmed.",
    seen(client),
  );
}

async function replaces(trial: AppTrial): Promise<void> {
  const enrolled = await trial.newUser();
  const client = await trial.signedIn(enrolled);
  const uri = await beginSetup(trial, client);
  if (uri === undefined) return;
  const phone = phoneOf(trial, enrolled.user, uri);
  await trial.config.confirmSetup?.(client, await phone.freshCode());
  const pending = await trial.pending(enrolled.user);
  const isPast = await trial.isSignedIn(pending.client);
  if (!isPast && !(await trial.complete(pending, await phone.freshCode()))) return;
  complain(
    "A session moved two-factor to another phone without a code of the one in use: whoever steals a session keeps the account. Require a fresh code for a setup while two-factor is on.",
    seen(pending.client),
  );
}

/** In base32; nobody generates it. */
const CHOSEN = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";
const NAMES = ["secret", "totp_secret", "totpSecret", "base32", "key", "otpauth_uri", "otpauthUri"];

async function chosenSecret(trial: AppTrial): Promise<void> {
  const { user, client } = await newWithoutTotp(trial);
  const complaint =
    "A client chose the secret, so that it can be one that somebody else knows. Generate it on the server, and keep it there until it is confirmed.";
  const fields = Object.fromEntries(NAMES.map((name) => [name, CHOSEN]));
  const inBody = addFields(fields);
  const inQuery = addToQuery(fields);
  const choosing = client.altered((draft) => inQuery(inBody({ json: {}, ...draft })));
  const uri = await beginSetup(trial, choosing);
  if (uri !== undefined && readUri(uri).secret === CHOSEN) complain(complaint, seen(client));

  const begun = await beginSetup(trial, client);
  if (begun === undefined) return;
  const phone = phoneOf(trial, user, uriOfSecret(CHOSEN));
  const swap = replaceCode(readUri(begun).secret, CHOSEN);
  const swapping = client.altered((draft) => inBody(swap.alter(draft)));
  await trial.config.confirmSetup?.(swapping, await phone.freshCode());
  await refusesChosen(trial, user, () => phone.freshCode(), complaint);
}

/** Who is signed in by the first factor alone has two-factor off: nothing was confirmed. */
async function refusesChosen(
  trial: AppTrial,
  user: object,
  nextCode: () => Promise<string>,
  complaint: string,
): Promise<void> {
  const pending = await trial.pending(user);
  if (await trial.isSignedIn(pending.client)) return;
  if (!(await trial.complete(pending, await nextCode()))) return;
  complain(complaint, seen(pending.client, "Its own secret was confirmed."));
}

async function oldSignIn(trial: AppTrial): Promise<void> {
  const { advance, setupWithinSeconds = 0 } = trial.config;
  const { client } = await newWithoutTotp(trial);
  await advance?.(setupWithinSeconds + 1);
  if ((await beginSetup(trial, client)) === undefined) return;
  complain(
    "A session that was stolen long ago may not enroll the thief's phone. Ask for the password again before a setup.",
    seen(client, `The sign-in was ${setupWithinSeconds + 1} seconds ago.`),
  );
}
