import type { Client } from "../app/client.js";
import { CROSS_SITE, type CrossSite } from "../app/cross-site.js";
import type { Operation } from "../app/operations.js";
import { beginSetup, newWithoutTotp } from "../app/setup.js";
import { type AppTrial, type Pending, seen } from "../app/trial.js";
import { complain } from "../probe.js";
import type { Attack, OperationAttack } from "./attack.js";
import { TURNED_ON } from "./setup.js";

const ACCEPTED = "A request that another site made the user's browser send was accepted.";
const REFUSE =
  "Refuse requests that change something if Sec-Fetch-Site is cross-site or same-site, or if the Origin is not your own, or require a CSRF token.";

export const OPERATION_CROSS_SITE: readonly OperationAttack[] = [
  { name: "a request from another site is refused", run: submitFromElsewhere },
];

export const CROSS_SITES: readonly Attack[] = [
  {
    name: "sign-in: another site cannot sign its visitor in to the attacker's account",
    run: loginOfAttacker,
  },
  {
    name: "setup: another site cannot begin one",
    needs: ["createUserWithoutTotp", "beginSetup"],
    dependsOn: [TURNED_ON],
    run: setup,
  },
];

/** Attacks a call that requires no code, or no further one. */
export async function callFromElsewhere(
  call: (client: Client) => Promise<boolean>,
  signIn: () => Promise<Client>,
): Promise<void> {
  for (const each of CROSS_SITE) {
    const client = await signIn();
    const view = client.elsewhere(each);
    if (await worked(view, () => call(view)))
      complain(`${ACCEPTED} ${REFUSE}`, sentBy(each, client));
  }
}

async function submitFromElsewhere(trial: AppTrial, operation: Operation): Promise<void> {
  for (const each of CROSS_SITE) {
    const enrolled = await trial.newUser();
    const { client, submit } = await operation.prepare(trial, enrolled);
    const code = await enrolled.freshCode();
    const view = client.elsewhere(each);
    if (!(await worked(view, () => submit(code, view)))) continue;
    complain(`${ACCEPTED} ${REFUSE}`, sentBy(each, client));
  }
}

/** The attacker begins a login, and makes the visitor's browser send its id and code. */
async function loginOfAttacker(trial: AppTrial): Promise<void> {
  for (const each of CROSS_SITE) {
    const attacker = await trial.newUser();
    const { login } = await trial.pending(attacker.user);
    // The login is known by the attacker's cookies, which no other browser has.
    if (login === undefined) return;
    const visitor: Pending = { client: trial.newClient(), login };
    const code = await attacker.freshCode();
    const view = visitor.client.elsewhere(each);
    if (!(await worked(view, () => trial.complete(visitor, code, view)))) continue;
    complain(
      `Another site signed its visitor in to the attacker's account, where the visitor may leave private data. ${REFUSE}`,
      sentBy(each, visitor.client),
    );
  }
}

async function setup(trial: AppTrial): Promise<void> {
  for (const each of CROSS_SITE) {
    const { client } = await newWithoutTotp(trial);
    const view = client.elsewhere(each);
    const send = async () => (await beginSetup(trial, view)) !== undefined;
    if (await worked(view, send)) complain(`${ACCEPTED} ${REFUSE}`, sentBy(each, client));
  }
}

/** A function that reads a token from a page may throw, because the other site sees neither the page nor the cookie. */
async function worked(view: Client, send: () => Promise<boolean>): Promise<boolean> {
  try {
    return await send();
  } catch (error) {
    if (view.hasWithheld) return false;
    throw error;
  }
}

function sentBy({ shown }: CrossSite, client: Client): string {
  return seen(client, `The request was sent by ${shown}.`);
}
