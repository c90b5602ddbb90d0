import type { Client } from "../app/client.js";
import { type AppTrial, booleanOf, seen } from "../app/trial.js";
import type { ChangingCall } from "../app/two-factor-app.js";
import { complain } from "../probe.js";
import type { Attack } from "./attack.js";
import { changeFromElsewhere } from "./cross-site.js";

/** On a call of the option `changes`. */
export function changesAttacks(name: string, call: ChangingCall): Attack[] {
  const send = async (client: Client) => booleanOf(`changes.${name}`, await call(client));
  return [
    {
      name: `${name}: another site cannot send the request`,
      run: (trial) => changeFromElsewhere(trial, send),
    },
    {
      name: `${name}: a login that waits for its code cannot send the request`,
      run: (trial) => waiting(trial, send),
    },
  ];
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
