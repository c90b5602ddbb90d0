import type { Client } from "../app/client.js";
import { CROSS_SITE, type CrossSite } from "../app/cross-site.js";
import type { Door } from "../app/doors.js";
import { beginSetup, newWithoutTotp } from "../app/setup.js";
import { type AppTrial, type Pending, seen } from "../app/trial.js";
import { complain } from "../probe.js";
import type { Attack, DoorAttack } from "./attack.js";
import { TURNED_ON } from "./setup.js";

const REFUSE =
  "A page elsewhere made the user's browser do it. Refuse requests that change something if Sec-Fetch-Site says cross-site or same-site, or the Origin is another one, or require a CSRF token.";

export const DOOR_CROSS_SITE: readonly DoorAttack[] = [
  { name: "another site cannot send the request", run: atDoor },
];

export const CROSS_SITES: readonly Attack[] = [
  {
    name: "sign-in: another site cannot sign its visitor in as somebody else",
    run: loginOfAnother,
  },
  {
    name: "setup: another site cannot begin one",
    needs: ["createUserWithoutTotp", "beginSetup"],
    dependsOn: [TURNED_ON],
    run: setup,
  },
];

/** Of a call that needs no code. */
export async function changeFromElsewhere(
  trial: AppTrial,
  call: (client: Client) => Promise<boolean>,
) {
  for (const each of CROSS_SITE) {
    const client = await trial.signedIn(await trial.newUser());
    const view = client.elsewhere(each);
    if (await worked(view, () => call(view))) complain(REFUSE, seen(client, from(each)));
  }
}

async function atDoor(trial: AppTrial, door: Door): Promise<void> {
  for (const each of CROSS_SITE) {
    const enrolled = await trial.newUser();
    const { client, open } = await door.approach(trial, enrolled);
    const code = await enrolled.freshCode();
    const view = client.elsewhere(each);
    if (await worked(view, () => open(code, view))) complain(REFUSE, seen(client, from(each)));
  }
}

/** The attacker has begun a login of his own, and gives the visitor's browser the code. */
async function loginOfAnother(trial: AppTrial): Promise<void> {
  for (const each of CROSS_SITE) {
    const attacker = await trial.newUser();
    const { login } = await trial.pending(attacker.user);
    // It is in the attacker's cookies, which no other browser has.
    if (login === undefined) return;
    const visitor: Pending = { client: trial.newClient(), login };
    const code = await attacker.freshCode();
    const view = visitor.client.elsewhere(each);
    if (!(await worked(view, () => trial.complete(visitor, code, view)))) continue;
    complain(
      `${REFUSE} Else the visitor goes on in the account of the attacker, and leaves there what is private.`,
      seen(visitor.client, from(each)),
    );
  }
}

async function setup(trial: AppTrial): Promise<void> {
  for (const each of CROSS_SITE) {
    const { client } = await newWithoutTotp(trial);
    const view = client.elsewhere(each);
    const send = async () => (await beginSetup(trial, view)) !== undefined;
    if (await worked(view, send)) complain(REFUSE, seen(client, from(each)));
  }
}

/** A function that read a token from a page, and is not shown the page, may throw. */
async function worked(view: Client, send: () => Promise<boolean>): Promise<boolean> {
  try {
    return await send();
  } catch (error) {
    if (view.hasWithheld) return false;
    throw error;
  }
}

function from({ shown }: CrossSite): string {
  return `It came from ${shown}.`;
}
