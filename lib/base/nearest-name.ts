/** Returns the known name that `name` is probably a misspelling of, if there is one. */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  const slips = known
    .map((candidate) => ({ candidate, distance: editDistance(name, candidate) }))
    .filter(({ candidate, distance }) => distance <= Math.ceil(candidate.length / 3))
    .sort((a, b) => a.distance - b.distance);
  return slips[0]?.candidate;
}

/** Levenshtein distance, ignoring case. */
function editDistance(from: string, to: string): number {
  const a = from.toLowerCase().slice(0, 64);
  const b = to.toLowerCase();
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = Number(row[j - 1]) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(substitution, Number(row[j]) + 1, Number(next[j - 1]) + 1));
    }
    row = next;
  }
  return Number(row.at(-1));
}
