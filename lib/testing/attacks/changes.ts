import type { Client } from "../app/client.js";
import { type AppTrial, booleanOf, seen } from "../app/trial.js";
import type { ChangingCall } from "../app/two-factor-app.js";
import { complain } from "../probe.js";
import type { Attack } from "./attack.js";
import { callFromElsewhere } from "./cross-site.js";

/** Returns the attacks on a call of the option `changes`. */
export function changesAttacks(name: string, call: ChangingCall): Attack[] {
  const send = async (client: Client) => booleanOf(`changes.${name}`, await call(client));
  const works = `${name}: a signed-in user can send the request`;
  return [
    { name: works, run: (trial) => takesEffect(trial, name, send) },
    {
      name: `${name}: a request from another site is refused`,
      dependsOn: [works],
      run: (trial) => callFromElsewhere(send, async () => trial.signedIn(await trial.newUser())),
    },
    {
      name: `${name}: a pending login cannot send the request`,
      dependsOn: [works],
      run: (trial) => pendingLogin(trial, name, send),
    },
  ];
}

type Send = (client: Client) => Promise<boolean>;

async function takesEffect(trial: AppTrial, name: string, send: Send) {
  const client = await trial.signedIn(await trial.newUser());
  if (await send(client)) return;
  complain(
    `The request of a signed-in user was refused: changes.${name} returned false. Check that it returns true if the request took effect.`,
    seen(client),
  );
}

export async function pendingLogin(trial: AppTrial, name: string, send: Send): Promise<void> {
  const { user } = await trial.newUser();
  const { client } = await trial.pending(user);
  if (!(await send(client))) return;
  complain(
    `A user who had entered only the password could send ${name}. Treat nobody as signed in until the code is accepted, on every route.`,
    seen(client),
  );
}
