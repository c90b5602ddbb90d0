import type { Client } from "../app/client.js";
import { type AppTrial, booleanOf, seen } from "../app/trial.js";
import type { ChangingCall } from "../app/two-factor-app.js";
import { complain } from "../probe.js";
import type { Attack } from "./attack.js";
import { changeFromElsewhere } from "./cross-site.js";

/** On a call of the option `changes`. */
export function changesAttacks(name: string, call: ChangingCall): Attack[] {
  const send = async (client: Client) => booleanOf(`changes.${name}`, await call(client));
  const works = `${name}: a signed-in user can send the request`;
  return [
    { name: works, run: (trial) => isLetThrough(trial, send) },
    {
      name: `${name}: another site cannot send the request`,
      dependsOn: [works],
      run: (trial) => changeFromElsewhere(trial, send),
    },
    {
      name: `${name}: a login that waits for its code cannot send the request`,
      dependsOn: [works],
      run: (trial) => waiting(trial, send),
    },
  ];
}

async function isLetThrough(trial: AppTrial, send: (client: Client) => Promise<boolean>) {
  const client = await trial.signedIn(await trial.newUser());
  if (await send(client)) return;
  complain(
    "A signed-in user was refused. Does the function return whether the call took effect?",
    seen(client),
  );
}

async function waiting(trial: AppTrial, send: (client: Client) => Promise<boolean>) {
  const { user } = await trial.newUser();
  const { client } = await trial.pending(user);
  if (!(await send(client))) return;
  complain(
    "Who has the password alone changed something. Until the code was right, nobody is signed in, for this call as for all others.",
    seen(client),
  );
}
