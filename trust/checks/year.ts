// A year under attack, with the owner living a normal life beside it. DAYS scales it down, for a try.
import { chanceOf, guessesInAYear } from "../../__tests__/helpers/guessing.js";
import { readSeed } from "../random.js";
import type { Owner } from "../year/entering.js";
import { live } from "../year/owner.js";
import { longest, MOST_MINUTES, type Row, showRow } from "../year/rows.js";
import { DEFAULTS, guessing, newcomers, others, type Scenario } from "../year/scenarios.js";
import { createWorld, type Parameters, play, type World } from "../year/world.js";

const DAYS = Number(process.env.DAYS ?? 365);
const SIGN_INS = [0, 1, 10] as const;
const MOST_CHANCE = 0.01;
const TRIES_A_SECOND = 1_000;
const seed = readSeed();

async function playOut({ name, attackers, parameters = DEFAULTS, ...rest }: Scenario) {
  const worlds: World[] = [];
  for (const signInsADay of rest.signIns ?? SIGN_INS) {
    const world = await createWorld(parameters, seed);
    // Without a window, the phone has to be exact.
    const clockOffMs = parameters.window === 0 ? 1_000 : 12_000;
    const owner: Owner = { signInsADay, clockOffMs, isForgetful: rest.isForgetful ?? false };
    await play(world, (rest.life ?? live)(world, owner, DAYS), attackers(world));
    worlds.push(world);
  }
  // A newcomer enrolls once and not every day.
  const times = rest.life ? DAYS : 1;
  const chances = worlds.map(({ guesses }) =>
    chanceOf(guesses / times, { ...parameters, signIns: 0 }),
  );
  return { name, worlds, chance: Math.max(...chances), left: rest.left };
}

/** By those that know best how to guess, and by those that were played out beside the owner. */
function guessedChance({ window, digits }: Parameters): number {
  const chances = SIGN_INS.map((signIns) => {
    const guessed = { window, digits, signIns };
    return chanceOf(guessesInAYear(guessed), guessed);
  });
  return Math.max(...chances);
}

/** What is not counted by a lock, as fast as a process can be asked. */
const uncounted = (name: string, right: number, of: number): Row => ({
  name: `${name}, ${TRIES_A_SECOND} a second`,
  worlds: [],
  chance: -Math.expm1(TRIES_A_SECOND * 86_400 * DAYS * Math.log1p(-right / of)),
});

const rows: Row[] = [];
for (const scenario of guessing) {
  const row = await playOut(scenario);
  const chance = Math.max(row.chance, guessedChance(scenario.parameters ?? DEFAULTS));
  rows.push({ ...row, chance });
}
// Three codes can begin at any of 39 steps, and there are ten backup codes.
rows.push(uncounted("three codes of 6 digits", 39, 1e18));
rows.push(uncounted("backup codes", 10, 2 ** 80));
for (const scenario of [...others, ...newcomers]) rows.push(await playOut(scenario));
console.table(rows.map(showRow));

for (const { name, left } of rows) if (left) console.log(`No goal for "${name}": ${left}`);

const missed = rows.flatMap((row) => {
  if (row.left) return [];
  const { name, chance } = row;
  return [
    ...(chance >= MOST_CHANCE ? [`${name}: chance of ${chance}`] : []),
    ...(longest(row, "keptOutMs") > MOST_MINUTES ? [`${name}: kept out with a phone`] : []),
    ...(longest(row, "keptOutWithBackupCodeMs") > 0 ? [`${name}: kept out with a code`] : []),
  ];
});
for (const each of missed) console.log(`Goal missed: ${each}`);
if (missed.length > 0) process.exitCode = 1;
