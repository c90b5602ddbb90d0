import { randomInt, randomUUID } from "node:crypto";
import { replaceValue } from "../app/alter.js";
import { type Leaf, leavesOf } from "../app/leaves.js";
import type { AppTrial } from "../app/trial.js";

/** Returns the ids in a return value of `signIn`. */
export type IdsOf = (login: unknown) => Leaf[];

/**
 * Finds the values by which the app identifies a pending login: `sendCode` sends them, they differ for each login, and
 * a correct code is refused without them. An app that identifies a login by a cookie has none.
 */
export async function findLoginIds(trial: AppTrial): Promise<IdsOf> {
  const one = await sentWithCode(trial);
  const other = await sentWithCode(trial);
  const paths: string[] = [];
  for (const [path, value] of one) {
    const differs = other.has(path) && other.get(path) !== value;
    if (differs && (await isRequired(trial, path))) paths.push(path);
  }
  return (login) => {
    const ids = [...leavesOf(login)].filter(([path]) => paths.includes(path));
    return [...new Set(ids.map(([, id]) => id))];
  };
}

/** Returns the values of a login that are sent with its code, by their paths. */
async function sentWithCode(trial: AppTrial): Promise<Map<string, Leaf>> {
  const enrolled = await trial.newUser();
  const pending = await trial.pending(enrolled.user);
  const watched = [...leavesOf(pending.login)].map(([path, value]) => {
    // Replacing a value with itself only counts how often it is sent.
    return { path, value, ...replaceValue(value, value) };
  });
  const view = pending.client.altered((draft) =>
    watched.reduce((sent, { alter }) => alter(sent), draft),
  );
  await trial.complete(pending, await enrolled.freshCode(), view);
  const sent = watched.filter(({ count }) => count() > 0);
  return new Map(sent.map(({ path, value }) => [path, value]));
}

async function isRequired(trial: AppTrial, path: string): Promise<boolean> {
  const enrolled = await trial.newUser();
  const pending = await trial.pending(enrolled.user);
  const value = leavesOf(pending.login).get(path);
  const unknown = typeof value === "number" ? randomInt(2 ** 40) : randomUUID();
  const view = pending.client.altered(replaceValue(value, unknown).alter);
  return !(await trial.complete(pending, await enrolled.freshCode(), view));
}
