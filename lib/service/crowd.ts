/** More than a user has need of, and so few that a crowd of guesses leaves threads to others. */
const MOST_AT_ONCE = 8;

const underWay = new Map<string, number>();

/**
 * Does dear work for a user; `undefined`, with nothing done, where as much is under way for the same one.
 * The key is something random that only this user has, so that no two services get in each other's way.
 */
export async function unlessCrowded<Result>(
  key: string,
  work: () => Promise<Result>,
): Promise<Result | undefined> {
  const others = underWay.get(key) ?? 0;
  if (others >= MOST_AT_ONCE) return undefined;
  underWay.set(key, others + 1);
  try {
    return await work();
  } finally {
    const left = Number(underWay.get(key)) - 1;
    if (left > 0) underWay.set(key, left);
    else underWay.delete(key);
  }
}
