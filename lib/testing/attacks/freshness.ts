import type { Client } from "../app/client.js";
import type { Enrolled } from "../app/enrolled.js";
import { type AppTrial, booleanOf, seen } from "../app/trial.js";
import type { ChangingCall } from "../app/two-factor-app.js";
import { complain } from "../probe.js";
import type { Attack } from "./attack.js";
import { ACCEPTS } from "./basics.js";
import { pendingLogin } from "./changes.js";
import { callFromElsewhere } from "./cross-site.js";

/** If it fails, a wrong code would seem to be accepted. */
export const STALE = "an old code is not enough";

/** Returns the attacks on a call of the option `fresh`, in addition to those on its step-up, which depend on the first. */
export function freshnessAttacks(name: string, call: ChangingCall): [Attack, ...Attack[]] {
  const send = async (client: Client) => booleanOf(`fresh.${name}`, await call(client));
  const shared: Pick<Attack, "needs" | "dependsOn"> = {
    needs: ["advance", "stepUp"],
    dependsOn: [`${name}: ${ACCEPTS}`],
  };
  return [
    { ...shared, name: `${name}: ${STALE}`, run: (trial) => oldCode(trial, name, send) },
    {
      ...shared,
      name: `${name}: a step-up in another session does not count`,
      dependsOn: [`${name}: ${STALE}`],
      run: (trial) => otherSession(trial, name, send),
    },
    {
      ...shared,
      name: `${name}: a request from another site is refused, also after a step-up`,
      run: (trial) => callFromElsewhere(send, () => steppedUp(trial)),
    },
    {
      ...shared,
      name: `${name}: a pending login cannot send the request`,
      run: (trial) => pendingLogin(trial, name, send),
    },
  ];
}

type Send = (client: Client) => Promise<boolean>;

async function oldCode(trial: AppTrial, name: string, send: Send): Promise<void> {
  const enrolled = await trial.newUser();
  const client = await staleClient(trial, enrolled);
  if (await send(client)) judge(trial, client, name, "the sign-in");
  await trial.config.stepUp?.(client, await enrolled.freshCode());
  await trial.waitUntilStale();
  if (await send(client)) judge(trial, client, name, "the step-up");
}

function judge({ config }: AppTrial, client: Client, name: string, since: string): never {
  complain(
    `${config.freshForSeconds + 1} seconds after the code of ${since}, ${name} succeeded without another one. Guard the route, and compare the time of the session's last code with the current time. Or do sessions stay fresh longer? Then set freshForSeconds.`,
    seen(client),
  );
}

async function otherSession(trial: AppTrial, name: string, send: Send): Promise<void> {
  const enrolled = await trial.newUser();
  const other = await trial.signedIn(enrolled);
  const client = await staleClient(trial, enrolled);
  await trial.config.stepUp?.(other, await enrolled.freshCode());
  if (!(await send(client))) return;
  complain(
    `A step-up in one session made another session of the user fresh: ${name} succeeded in it without a code. Store the time of the last code in the session, not with the user.`,
    seen(client),
  );
}

async function steppedUp(trial: AppTrial): Promise<Client> {
  const enrolled = await trial.newUser();
  const client = await trial.signedIn(enrolled);
  await trial.config.stepUp?.(client, await enrolled.freshCode());
  return client;
}

/** A client that signed in too long ago. */
async function staleClient(trial: AppTrial, enrolled: Enrolled): Promise<Client> {
  const client = await trial.signedIn(enrolled);
  await trial.waitUntilStale();
  return client;
}
