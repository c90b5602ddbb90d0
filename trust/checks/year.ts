// A year under attack, with the owner living a normal life beside it. DAYS scales it down, for a try.
import { chanceOf, guessesInAYear } from "../../__tests__/helpers/guessing.js";
import { readSeed } from "../random.js";
import * as attack from "../year/attackers.js";
import type { Owner } from "../year/entering.js";
import { enrollDaily, live } from "../year/owner.js";
import { longest, MOST_MINUTES, type Row, showRow } from "../year/rows.js";
import { type Actor, createWorld, type Parameters, play, type World } from "../year/world.js";

const DAYS = Number(process.env.DAYS ?? 365);
const SIGN_INS = [0, 1, 10] as const;
const DEFAULTS: Parameters = { window: 1, digits: 6 };
const MOST_CHANCE = 0.01;
const TRIES_A_SECOND = 1_000;
const seed = readSeed();

interface Scenario {
  name: string;
  attackers: (world: World) => Actor[];
  parameters?: Parameters;
  signIns?: readonly number[];
  isForgetful?: boolean;
  life?: typeof live;
  /** Why there is no goal: what is left to the app. */
  left?: string;
}

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

const every = (ms: number, act: (world: World) => Promise<void>) => (world: World) => [
  attack.flood(world, ms, act),
];

const guessing = ([0, 1, 2] as const).flatMap((window) =>
  ([6, 8] as const).map(
    (digits): Scenario => ({
      name: `guessing, window ${window}, ${digits} digits`,
      attackers: (world) => [attack.guess(world)],
      parameters: { window, digits },
    }),
  ),
);

const LIMIT_PASSWORDS = "docs/security.md: limit passwords, right ones included";

const others: Scenario[] = [
  { name: "none", attackers: () => [] },
  { name: "locking out while the owner types", attackers: (world) => [attack.lock(world)] },
  {
    name: "the same, owner starts over if refused",
    attackers: (world) => [attack.lock(world)],
    isForgetful: true,
    left: "another owner than the one above",
  },
  { name: "setups, 1 a second", attackers: every(1_000, attack.beginSetup) },
  { name: "wrong confirmations, 1 a second", attackers: every(1_000, attack.confirm) },
  { name: "trusted devices, 1 a second", attackers: every(1_000, attack.trustDevice) },
  { name: "logins, 1 in 15 seconds", attackers: every(15_000, attack.beginLogin) },
  {
    name: "all of these at once",
    attackers: (world) => [
      attack.lock(world),
      attack.guess(world),
      attack.flood(world, 1_000, attack.beginSetup),
      attack.flood(world, 1_000, attack.confirm),
      attack.flood(world, 1_000, attack.trustDevice),
      attack.flood(world, 15_000, attack.beginLogin),
    ],
  },
  { name: "logins, 1 a second", attackers: every(1_000, attack.beginLogin) },
  {
    name: "logins, 10 a second",
    attackers: every(100, attack.beginLogin),
    signIns: [1],
    left: LIMIT_PASSWORDS,
  },
  {
    name: "locking out and logins, 1 a second",
    attackers: (world) => [attack.lock(world), attack.flood(world, 1_000, attack.beginLogin)],
    signIns: [1],
    left: LIMIT_PASSWORDS,
  },
];

const firstSetups = (isAuthorized: boolean) =>
  every(1_000, (world) => attack.beginFirstSetup(world, isAuthorized));

const newcomers: Scenario[] = [
  { name: "none", attackers: () => [] },
  { name: "setups, 1 a second, refused by authorizeSetup", attackers: firstSetups(false) },
  {
    name: "setups, 1 a second, allowed",
    attackers: firstSetups(true),
    left: "docs/security.md: authorizeSetup",
  },
  {
    name: "wrong confirmations, 1 a second",
    attackers: every(1_000, attack.confirm),
    left: "a stolen session; it keeps nobody from signing in",
  },
].map((each) => ({ ...each, name: `TOTP off: ${each.name}`, life: enrollDaily, signIns: [1] }));

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
