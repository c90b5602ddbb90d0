import type { Door } from "../app/doors.js";
import { enrollByRoutes, SETUP_NEEDS } from "../app/setup.js";
import { type AppTrial, seen } from "../app/trial.js";
import { complain } from "../probe.js";
import type { Attack, DoorAttack } from "./attack.js";
import { isGuarded } from "./basics.js";
import { TURNED_ON } from "./setup.js";

const ONCE =
  "Each code may be accepted once (RFC 6238, section 5.2). Remember the time step of the last accepted code of the user, for all calls together, and refuse it and all before it.";

/** What people type, and what therefore reads as the same code. */
const SPELLINGS: readonly { how: string; spell(code: string): string }[] = [
  {
    how: ", with a space in it,",
    spell: (code) => `${code.slice(0, code.length / 2)} ${code.slice(code.length / 2)}`,
  },
  {
    how: ", in full-width digits,",
    spell: (code) => code.replace(/\d/g, (digit) => String.fromCharCode(0xff10 + Number(digit))),
  },
];

export const USED = "a code that was used is refused";
export const ACCEPTED_TWICE = "a code that it has accepted is refused the second time";

export const DOOR_REPLAYS: readonly DoorAttack[] = [
  { name: USED, run: (trial, door) => usedBefore(trial, door, (code) => code, "") },
  ...SPELLINGS.map(({ how, spell }) => ({
    name: `a code that was used${how} is refused`,
    dependsOn: [USED],
    run: (trial: AppTrial, door: Door) => usedBefore(trial, door, spell, how),
  })),
  {
    name: "a code from before the last one is refused",
    needs: ["advance"],
    dependsOn: [USED],
    run: earlierCode,
  },
  {
    name: ACCEPTED_TWICE,
    appliesTo: (door) => isGuarded(door) && door.isRepeatable,
    run: acceptedTwice,
  },
  {
    name: "a code that it has accepted does not sign in",
    appliesTo: (door) => isGuarded(door) && door.isRepeatable,
    run: thenSignsIn,
  },
];

export const REPLAYS: readonly Attack[] = [
  {
    name: "sign-in: the code that confirmed the setup is refused",
    needs: SETUP_NEEDS,
    dependsOn: [TURNED_ON],
    run: confirmationCode,
  },
];

async function usedBefore(
  trial: AppTrial,
  door: Door,
  spell: (code: string) => string,
  how: string,
): Promise<void> {
  const enrolled = await trial.newUser();
  const code = await enrolled.freshCode();
  const { client, open } = await door.approachAfter(trial, enrolled, code);
  if (!(await open(spell(code)))) return;
  complain(ONCE, seen(client, `The code that had signed in${how} was accepted.`));
}

async function earlierCode(trial: AppTrial, door: Door): Promise<void> {
  const enrolled = await trial.newUser();
  const earlier = await enrolled.freshCode();
  const { client, open } = await door.approachAfter(trial, enrolled, await enrolled.freshCode());
  if (!(await open(earlier))) return;
  complain(
    ONCE,
    seen(client, "The code of the time step before the last accepted one was accepted."),
  );
}

async function acceptedTwice(trial: AppTrial, door: Door): Promise<void> {
  const enrolled = await trial.newUser();
  const { client, open } = await door.approach(trial, enrolled);
  const code = await enrolled.freshCode();
  const first = await open(code);
  if (!(first && (await open(code)))) return;
  complain(ONCE, seen(client, `One code opened ${door.name} twice.`));
}

async function thenSignsIn(trial: AppTrial, door: Door): Promise<void> {
  const enrolled = await trial.newUser();
  const { open } = await door.approach(trial, enrolled);
  const code = await enrolled.freshCode();
  await open(code);
  const pending = await trial.pending(enrolled.user);
  if (!(await trial.complete(pending, code))) return;
  complain(ONCE, seen(pending.client, `A code that ${door.name} had accepted signed in.`));
}

async function confirmationCode(trial: AppTrial): Promise<void> {
  const { user, code } = await enrollByRoutes(trial);
  const pending = await trial.pending(user);
  if (!(await trial.complete(pending, code))) return;
  complain(
    `The code that confirmed the setup signed in. ${ONCE} Begin with the one that confirms.`,
    seen(pending.client),
  );
}
