import { timingSafeEqual } from "node:crypto";

/** Finds the unexpired entry with a hash. All entries are compared, in constant time. */
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
 * Adds an entry to the unexpired ones. Removes the oldest ones if there are more than `most`, and replaces one with the
 * same hash: a store's client can send a write again after it has succeeded.
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
