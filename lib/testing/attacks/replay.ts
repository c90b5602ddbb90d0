import { isGuarded, type Operation } from "../app/operations.js";
import { enrollByRoutes, SETUP_NEEDS } from "../app/setup.js";
import { type AppTrial, seen } from "../app/trial.js";
import { complain } from "../probe.js";
import type { Attack, OperationAttack } from "./attack.js";
import { TURNED_ON } from "./setup.js";

const ONCE =
  "Accept each code only once (RFC 6238, section 5.2): store the time step of the user's last accepted code, shared by all operations, before you respond, and refuse codes of that time step and of earlier ones.";

/** Spellings that apps read as the same code. */
const SPELLINGS: readonly { how: string; spell(code: string): string }[] = [
  {
    how: "with a space in it",
    spell: (code) => `${code.slice(0, code.length / 2)} ${code.slice(code.length / 2)}`,
  },
  {
    how: "in full-width digits",
    spell: (code) => code.replace(/\d/g, (digit) => String.fromCharCode(0xff10 + Number(digit))),
  },
];

export const USED = "a used code is refused";
export const ACCEPTED_TWICE = "the same code is refused the second time";

const isRepeatableCall = (operation: Operation) => isGuarded(operation) && operation.isRepeatable;

export const OPERATION_REPLAYS: readonly OperationAttack[] = [
  { name: USED, run: (trial, operation) => usedBefore(trial, operation, (code) => code, "") },
  ...SPELLINGS.map(({ how, spell }) => ({
    name: `a used code is refused ${how}`,
    dependsOn: [USED],
    run: (trial: AppTrial, operation: Operation) => usedBefore(trial, operation, spell, ` ${how}`),
  })),
  {
    name: "a code older than the last accepted one is refused",
    needs: ["advance"],
    dependsOn: [USED],
    run: earlierCode,
  },
  { name: ACCEPTED_TWICE, appliesTo: isRepeatableCall, run: acceptedTwice },
  {
    name: "a code that it accepted cannot be used to sign in",
    appliesTo: isRepeatableCall,
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
  operation: Operation,
  spell: (code: string) => string,
  how: string,
): Promise<void> {
  const enrolled = await trial.newUser();
  let code = "";
  const { client, submit } = await operation.prepareAfter(trial, enrolled, async () => {
    code = await enrolled.freshCode();
    return code;
  });
  if (!(await submit(spell(code)))) return;
  complain(
    `A replayed code was accepted (${operation.name}): the same code had already been used to sign in, and was sent again${how}. ${ONCE}`,
    seen(client),
  );
}

async function earlierCode(trial: AppTrial, operation: Operation): Promise<void> {
  const enrolled = await trial.newUser();
  let earlier = "";
  const { client, submit } = await operation.prepareAfter(trial, enrolled, async () => {
    earlier = await enrolled.freshCode();
    return enrolled.freshCode();
  });
  if (!(await submit(earlier))) return;
  complain(
    `A code older than the last accepted one was accepted (${operation.name}). ${ONCE}`,
    seen(client),
  );
}

async function acceptedTwice(trial: AppTrial, operation: Operation): Promise<void> {
  const enrolled = await trial.newUser();
  const { client, submit } = await operation.prepare(trial, enrolled);
  const code = await enrolled.freshCode();
  const first = await submit(code);
  if (!(first && (await submit(code)))) return;
  complain(`The same code was accepted twice (${operation.name}). ${ONCE}`, seen(client));
}

async function thenSignsIn(trial: AppTrial, operation: Operation): Promise<void> {
  const enrolled = await trial.newUser();
  const { submit } = await operation.prepare(trial, enrolled);
  const code = await enrolled.freshCode();
  await submit(code);
  const pending = await trial.pending(enrolled.user);
  if (!(await trial.complete(pending, code))) return;
  complain(
    `A replayed code signed the user in: it had already been accepted for ${operation.name}. ${ONCE}`,
    seen(pending.client),
  );
}

async function confirmationCode(trial: AppTrial): Promise<void> {
  const { user, code } = await enrollByRoutes(trial);
  const pending = await trial.pending(user);
  if (!(await trial.complete(pending, code))) return;
  complain(
    `The code that confirmed the setup was accepted again to sign in. ${ONCE} Start with the code that confirms the setup.`,
    seen(pending.client),
  );
}
