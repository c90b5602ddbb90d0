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

/**
 * The unexpired entries and one more; the oldest go if there are more than `most`. One of the same hash is
 * replaced: a client of the store may send a write again after it has landed.
 */
export function addEntry<Entry extends { hash: string; expiresAt: number }>(
  entries: readonly Entry[] | undefined,
  entry: Entry,
  most: number,
  now: number,
): Entry[] {
  const others = (entries ?? []).filter(
    ({ hash, expiresAt }) => expiresAt > now && hash !== entry.hash,
  );
  return [...others, entry].slice(-most);
}
