import type { Door } from "../app/doors.js";
import type { AppTrial } from "../app/trial.js";
import { seen } from "../app/trial.js";
import { complain } from "../probe.js";
import type { Attack, DoorAttack } from "./attack.js";

const ACCEPTS = "a right code opens it";
const REFUSES = "a wrong code does not open it";
const FIRST_FACTOR = "sign-in: the first factor alone does not sign in";
/** Without them, no other attack means anything. */
export const WORKS: readonly string[] = [`sign-in: ${ACCEPTS}`, FIRST_FACTOR];
/** What those on a door depend on, and those on nothing in particular at the sign-in. */
export const DOOR_WORKS: readonly string[] = [ACCEPTS, REFUSES];
export const SIGN_IN_WORKS: readonly string[] = [...WORKS, `sign-in: ${REFUSES}`];

export const BASICS: readonly Attack[] = [
  { name: FIRST_FACTOR, dependsOn: [`sign-in: ${ACCEPTS}`], run: passwordAlone },
];

/** That the way in is there for who may take it: an app that refuses everything would pass all else. */
export const DOOR_ACCEPTS: DoorAttack = { name: ACCEPTS, run: opens };
export const DOOR_REFUSES: DoorAttack = { name: REFUSES, dependsOn: [ACCEPTS], run: staysShut };

export const FAR_OFF: readonly DoorAttack[] = [
  { name: "a code that is right five minutes before or after does not open it", run: farOff },
];

export function isGuarded({ name }: Door): boolean {
  return name !== "sign-in";
}

async function passwordAlone(trial: AppTrial): Promise<void> {
  const { user } = await trial.newUser();
  const { client } = await trial.pending(user);
  if (!(await trial.isSignedIn(client))) return;
  complain(
    "Who has passed the first factor is signed in without a code. Keep in the session, apart from the signed-in user, that a login waits for its code.",
    seen(client),
  );
}

async function opens(trial: AppTrial, door: Door): Promise<void> {
  const enrolled = await trial.newUser();
  if (isGuarded(door)) {
    const { client, open } = await door.approach(trial, enrolled);
    if (await open(await enrolled.freshCode())) return;
    complain(
      "A right code was refused. Does the function send the code, and return whether the call was let through?",
      seen(client),
    );
  }
  await trial.signedIn(enrolled);
  if (trial.config.advance) await trial.signedIn(enrolled);
}

/** Further than the one or two time steps by which clocks may differ. */
const FAR_SECONDS = 300;

async function farOff(trial: AppTrial, door: Door): Promise<void> {
  for (const seconds of [-FAR_SECONDS, FAR_SECONDS]) {
    const enrolled = await trial.newUser();
    // So that the code which confirmed the setup is older than all of them.
    await trial.config.advance?.(2 * FAR_SECONDS);
    const { client, open } = await door.approach(trial, enrolled);
    const code = enrolled.codeAt(seconds);
    if (!(await open(code))) continue;
    complain(
      "A code that is right at another time was accepted. Accept one time step before and after now: each further one is a right guess more.",
      seen(
        client,
        `The code was that of ${Math.abs(seconds)} seconds ${seconds < 0 ? "ago" : "ahead"}.`,
      ),
    );
  }
}

async function staysShut(trial: AppTrial, door: Door): Promise<void> {
  const enrolled = await trial.newUser();
  const { client, open } = await door.approach(trial, enrolled);
  const [code = ""] = enrolled.wrongCodes(1);
  if (!(await open(code))) return;
  complain(
    "A wrong code was accepted. Is it compared with the user's own secret, and does the call wait for the outcome?",
    seen(client),
  );
}
