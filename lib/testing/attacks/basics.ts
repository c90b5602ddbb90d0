import { isGuarded, isStepUp, type Operation } from "../app/operations.js";
import { type AppTrial, seen } from "../app/trial.js";
import { complain } from "../probe.js";
import type { Attack, OperationAttack } from "./attack.js";

export const ACCEPTS = "a correct code is accepted";
const REFUSES = "a wrong code is refused";
const FIRST_FACTOR = "sign-in: the first factor alone does not sign in";
/** Every other attack depends on these. */
export const WORKS: readonly string[] = [`sign-in: ${ACCEPTS}`, FIRST_FACTOR];
/** Other attacks on an operation depend on these. */
export const OPERATION_WORKS: readonly string[] = [ACCEPTS, REFUSES];
export const SIGN_IN_WORKS: readonly string[] = [...WORKS, `sign-in: ${REFUSES}`];

export const FIRST_FACTOR_ALONE: Attack = {
  name: FIRST_FACTOR,
  dependsOn: [`sign-in: ${ACCEPTS}`],
  run: firstFactorAlone,
};

/** Without it, an app that refuses everything would pass. */
export const ACCEPTS_CODE: OperationAttack = { name: ACCEPTS, run: accepts };
export const REFUSES_CODE: OperationAttack = {
  name: REFUSES,
  dependsOn: [ACCEPTS],
  run: refuses,
};

export const FAR_OFF: readonly OperationAttack[] = [
  { name: "a code from five minutes earlier or later is refused", run: farOff },
];

async function firstFactorAlone(trial: AppTrial): Promise<void> {
  const { user } = await trial.newUser();
  const { client } = await trial.pending(user);
  if (!(await trial.isSignedIn(client))) return;
  complain(
    "The first factor alone signed the user in: isSignedIn returned true before a code was sent. After the password, store only in the session that a login is pending, and sign the user in when the code is accepted. Or does isSignedIn return true for everyone?",
    seen(client),
  );
}

async function accepts(trial: AppTrial, operation: Operation): Promise<void> {
  const enrolled = await trial.newUser();
  if (isGuarded(operation)) {
    const { client, submit } = await operation.prepare(trial, enrolled);
    if (await submit(await enrolled.freshCode())) return;
    complain(
      `A correct code was refused: the function ${operation.name} returned false. Check that ${operation.sentBy} sends the code, and that ${operation.name} returns true if the app accepts the code.`,
      seen(client),
    );
  }
  await trial.signedIn(enrolled);
  if (trial.config.advance) await trial.signedIn(enrolled);
}

async function refuses(trial: AppTrial, operation: Operation): Promise<void> {
  const enrolled = await trial.newUser();
  const { client, submit } = await operation.prepare(trial, enrolled);
  const [code] = enrolled.wrongCodes(1) as [string];
  if (!(await submit(code))) return;
  complain(
    `A wrong code was accepted (${operation.name}). Compare the code with the user's own secret, and await the result before you respond.${orFresh(operation)}`,
    seen(client),
  );
}

/** Asks about a call that needs no code soon after the sign-in. */
export function orFresh(operation: Operation): string {
  if (!isGuarded(operation) || isStepUp(operation)) return "";
  return " Or does it accept a code from the last few minutes? Then move it from guarded to fresh.";
}

/** More than the one or two time steps that clocks can differ by. */
const FAR_SECONDS = 300;

async function farOff(trial: AppTrial, operation: Operation): Promise<void> {
  for (const seconds of [-FAR_SECONDS, FAR_SECONDS]) {
    const enrolled = await trial.newUser();
    // The code that confirmed the setup is then older than all of them.
    await trial.config.advance?.(2 * FAR_SECONDS);
    const { client, submit } = await operation.prepare(trial, enrolled);
    if (!(await submit(enrolled.codeAt(seconds)))) continue;
    const when = seconds < 0 ? "earlier" : "later";
    complain(
      `A code from ${FAR_SECONDS} seconds ${when} was accepted (${operation.name}). Accept only the current time step and one before and after it: each additional one makes guessing easier.`,
      seen(client),
    );
  }
}
