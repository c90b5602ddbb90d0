import { addFields, addToQuery, replaceValue } from "../app/alter.js";
import { uriOfSecret } from "../app/enrolled.js";
import type { AppConfig } from "../app/options.js";
import { beginSetup, enrollByRoutes, newWithoutTotp, phoneOf, SETUP_NEEDS } from "../app/setup.js";
import { type AppTrial, seen } from "../app/trial.js";
import { readUri } from "../authenticator.js";
import { complain } from "../probe.js";
import { type Attack, dependingOn } from "./attack.js";

export const TURNED_ON = "setup: a user can turn two-factor on";
export const SECRET_IN_USE = "setup: the secret in use is not shown again";
const SIGNED_IN = "setup: it requires a signed-in user";

const ATTACKS: readonly Attack[] = [
  { name: SIGNED_IN, needs: ["beginSetup"], run: anonymous },
  {
    name: "setup: a pending login cannot begin one",
    needs: ["beginSetup"],
    dependsOn: [SIGNED_IN],
    run: pendingLogin,
  },
  { name: SECRET_IN_USE, needs: ["beginSetup"], run: secretInUse },
  {
    name: "setup: replacing the authenticator requires a code",
    needs: ["beginSetup", "confirmSetup", "advance"],
    dependsOn: [SECRET_IN_USE],
    run: replaces,
  },
  { name: "setup: the client cannot choose the secret", needs: SETUP_NEEDS, run: chosenSecret },
  {
    name: "setup: it requires a recent login",
    needs: ["createUserWithoutTotp", "beginSetup", "setupWithinSeconds", "advance"],
    run: oldLogin,
  },
];

export const SETUPS: readonly Attack[] = [
  { name: TURNED_ON, needs: SETUP_NEEDS, run: turnsOn },
  ...dependingOn([TURNED_ON], ATTACKS),
];

async function turnsOn(trial: AppTrial): Promise<void> {
  const { user, client } = await enrollByRoutes(trial);
  const again = await trial.pending(user);
  if (!(await trial.isSignedIn(again.client))) return;
  complain(
    "The setup was confirmed with a correct code, but the first factor alone still signs the user in. Check that confirmSetup sends the code.",
    seen(client),
  );
}

async function anonymous(trial: AppTrial): Promise<void> {
  const client = trial.newClient();
  if ((await beginSetup(trial, client)) === undefined) return;
  complain(
    "A client that was not signed in began a setup. Require a signed-in user for the setup.",
    seen(client),
  );
}

async function pendingLogin(trial: AppTrial): Promise<void> {
  const { user } = await trial.newUser();
  const { client } = await trial.pending(user);
  if ((await beginSetup(trial, client)) === undefined) return;
  complain(
    "A user who had entered only the password began a setup, and could enroll another phone with its secret. If two-factor is on, let a pending login send its code and nothing else.",
    seen(client),
  );
}

async function secretInUse(trial: AppTrial): Promise<void> {
  const enrolled = await trial.newUser();
  const client = await trial.signedIn(enrolled);
  const uri = await beginSetup(trial, client);
  if (uri === undefined || readUri(uri).secret !== enrolled.secret) return;
  complain(
    "A setup returned the secret that is already in use, so that a stolen session can copy the phone. Generate a new secret for each setup, and show it only until it is confirmed.",
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
  const isTurnedOff = await trial.isSignedIn(pending.client);
  if (!isTurnedOff && !(await trial.complete(pending, await phone.freshCode()))) return;
  complain(
    "A signed-in client moved two-factor to another phone without a code from the one in use, so that a stolen session can take over the account. Require a code for a setup if two-factor is on.",
    seen(pending.client),
  );
}

/** In base32. No app generates it by accident. */
const CHOSEN = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";
const NAMES = ["secret", "totp_secret", "totpSecret", "base32", "key", "otpauth_uri", "otpauthUri"];

async function chosenSecret(trial: AppTrial): Promise<void> {
  const { user, client } = await newWithoutTotp(trial);
  const fix =
    "so that it can be one that an attacker knows. Generate the secret on the server, and keep it there until it is confirmed.";
  const fields = Object.fromEntries(NAMES.map((name) => [name, CHOSEN]));
  const inBody = addFields(fields);
  const inQuery = addToQuery(fields);
  const choosing = client.altered((draft) => inQuery(inBody({ json: {}, ...draft })));
  const uri = await beginSetup(trial, choosing);
  if (uri !== undefined && readUri(uri).secret === CHOSEN) {
    complain(`The client chose the secret when it began the setup, ${fix}`, seen(client));
  }

  const begun = await beginSetup(trial, client);
  if (begun === undefined) return;
  const phone = phoneOf(trial, user, uriOfSecret(CHOSEN));
  const swap = replaceValue(readUri(begun).secret, CHOSEN);
  const swapping = client.altered((draft) => inBody(swap.alter(draft)));
  await trial.config.confirmSetup?.(swapping, await phone.freshCode());
  const pending = await trial.pending(user);
  // If the first factor is enough, two-factor is still off: nothing was confirmed.
  if (await trial.isSignedIn(pending.client)) return;
  if (!(await trial.complete(pending, await phone.freshCode()))) return;
  complain(`The client chose the secret when it confirmed the setup, ${fix}`, seen(pending.client));
}

async function oldLogin(trial: AppTrial): Promise<void> {
  const { advance, setupWithinSeconds } = trial.config as AppConfig & {
    setupWithinSeconds: number;
  };
  const { client } = await newWithoutTotp(trial);
  await advance?.(setupWithinSeconds + 1);
  if ((await beginSetup(trial, client)) === undefined) return;
  complain(
    `A setup began ${setupWithinSeconds + 1} seconds after the login, although setupWithinSeconds is ${setupWithinSeconds}: a session that was stolen long ago can enroll the thief's phone. Ask for the password again before a setup.`,
    seen(client),
  );
}
