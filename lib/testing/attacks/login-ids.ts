import { randomInt, randomUUID } from "node:crypto";
import { replaceCode } from "../app/code-field.js";
import { type Leaf, leavesOf } from "../app/leaves.js";
import type { AppTrial } from "../app/trial.js";

/** Returns the ids in what `signIn` returned. */
export type IdsOf = (login: unknown) => Leaf[];

/**
 * Finds out by which values of a login the app knows it. Those are the values that `sendCode` sends, that are different
 * for each login, and without which a correct code is refused. An app that knows a login by a cookie has none.
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
    const leaves = leavesOf(login);
    return [...new Set(paths.flatMap((path) => leaves.get(path) ?? []))];
  };
}

/** The values of a login that are sent with its code, by their paths in it. */
async function sentWithCode(trial: AppTrial): Promise<Map<string, Leaf>> {
  const enrolled = await trial.newUser();
  const pending = await trial.pending(enrolled.user);
  const watched = [...leavesOf(pending.login)].map(([path, value]) => {
    // Replaced by itself, which counts it.
    return { path, value, ...replaceCode(value, value) };
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
  const view = pending.client.altered(replaceCode(value, unknown).alter);
  return !(await trial.complete(pending, await enrolled.freshCode(), view));
}
