import { timingSafeEqual } from "node:crypto";

/** The entry of a hash that is not expired. All are compared, in constant time. */
export function findByHash<Entry extends { hash: string; expiresAt: number }>(
  entries: readonly Entry[] | undefined,
  hash: string | undefined,
  now: number,
): Entry | undefined {
  const given = Buffer.from(hash ?? "");
  let found: Entry | undefined;
  for (const entry of entries ?? []) {
    const kept = Buffer.from(entry.hash);
    const isSame = kept.length === given.length && timingSafeEqual(kept, given);
    if (isSame && entry.expiresAt > now) found = entry;
  }
  return found;
}

/** The unexpired entries and one more; the oldest go if there are more than `most`. */
export function addEntry<Entry extends { expiresAt: number }>(
  entries: readonly Entry[] | undefined,
  entry: Entry,
  most: number,
  now: number,
): Entry[] {
  return [...(entries ?? []).filter(({ expiresAt }) => expiresAt > now), entry].slice(-most);
}
