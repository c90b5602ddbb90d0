import type { Visit, World } from "./world.js";

/** With a phone; with a backup code it is none. */
export const MOST_MINUTES = 2;

/** An attack, played out against owners who sign in more or less often. */
export interface Row {
  name: string;
  worlds: World[];
  chance: number;
  left?: string | undefined;
}

/** In minutes. A typo among three codes is the owner's own, and is shown apart. */
export function longest(
  row: Row,
  what: "keptOutMs" | "keptOutWithBackupCodeMs",
  withTypos = false,
): number {
  const visits = visitsOf(row).filter(({ hadTypoInThree }) => withTypos || !hadTypoInThree);
  return visits.reduce((most, visit) => Math.max(most, visit[what] ?? 0), 0) / 60_000;
}

export function showRow(row: Row) {
  const visits = visitsOf(row);
  const givenUp = visits.filter(({ hasGivenUp }) => hasGivenUp).length;
  const shown = {
    attack: row.name,
    "chance to get in": `${(100 * row.chance).toPrecision(2)} %`,
  };
  if (visits.length === 0) return shown;
  return {
    ...shown,
    "kept out, min": longest(row, "keptOutMs").toFixed(1),
    "with typos": longest(row, "keptOutMs", true).toFixed(1),
    "backup code": longest(row, "keptOutWithBackupCodeMs").toFixed(1),
    "most tries": visits.reduce((most, { tries }) => Math.max(most, tries), 0),
    "given up": `${givenUp} of ${visits.length}`,
    "setups lost": row.worlds.reduce((total, { setupsLost }) => total + setupsLost, 0),
    "bytes kept": row.worlds.reduce((most, { largest }) => Math.max(most, largest), 0),
    goal: row.left ? "no" : "yes",
  };
}

const visitsOf = ({ worlds }: Row): Visit[] => worlds.flatMap(({ visits }) => visits);
