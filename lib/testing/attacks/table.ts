import { type Door, doorsOf } from "../app/doors.js";
import type { AppConfig } from "../app/options.js";
import { type Attack, atDoor, type DoorAttack, dependingOn } from "./attack.js";
import { BACKUP_CODES } from "./backup-codes.js";
import {
  BASICS,
  DOOR_ACCEPTS,
  DOOR_REFUSES,
  DOOR_WORKS,
  FAR_OFF,
  SIGN_IN_WORKS,
  WORKS,
} from "./basics.js";
import { changesAttacks } from "./changes.js";
import { CROSS_SITES, DOOR_CROSS_SITE } from "./cross-site.js";
import { DOOR_LEAKS, LEAKS } from "./leaks.js";
import { DOOR_LOCKOUTS, LOCKOUTS } from "./lockout.js";
import { DOOR_OMISSIONS } from "./omission.js";
import { DOOR_RACES, RACES } from "./races.js";
import { DOOR_REDIRECTS } from "./redirects.js";
import { DOOR_REPLAYS, REPLAYS } from "./replay.js";
import { SESSIONS } from "./sessions.js";
import { SETUPS } from "./setup.js";

const DOOR_ATTACKS: readonly DoorAttack[] = [
  ...FAR_OFF,
  ...DOOR_REPLAYS,
  ...DOOR_RACES,
  ...DOOR_LOCKOUTS,
  ...DOOR_OMISSIONS,
  ...DOOR_CROSS_SITE,
  ...DOOR_REDIRECTS,
  ...DOOR_LEAKS,
];

const ATTACKS: readonly Attack[] = [
  ...REPLAYS,
  ...RACES,
  ...LOCKOUTS,
  ...SESSIONS,
  ...BACKUP_CODES,
  ...SETUPS,
  ...CROSS_SITES,
  ...LEAKS,
];

/** Calls that the app may have, and that nothing is known of without an option. */
const UNKNOWN = {
  guarded: "calls that need a fresh code",
  disable: "turning two-factor off",
  changes: "calls that change something without a code",
  paths: "leaks: further paths have no secret",
} as const;

/** All attacks on an app: what the others depend on, those on what everybody has, then door by door. */
export function attacksOn(config: AppConfig): Attack[] {
  const doors = doorsOf(config);
  const [signIn, others] = [doors.slice(0, 1), doors.slice(1)];
  const changes = Object.entries(config.changes ?? {}).flatMap((each) => changesAttacks(...each));
  return [
    ...atDoors(signIn, [DOOR_ACCEPTS]),
    ...BASICS,
    ...dependingOn(WORKS, atDoors(signIn, [DOOR_REFUSES])),
    ...dependingOn(WORKS, atDoors(others, [DOOR_ACCEPTS, DOOR_REFUSES])),
    ...dependingOn(SIGN_IN_WORKS, [...ATTACKS, ...changes]),
    ...dependingOn(WORKS, atDoors(doors, dependingOn(DOOR_WORKS, DOOR_ATTACKS))),
    ...unknown(config),
  ];
}

function atDoors(doors: readonly Door[], attacks: readonly DoorAttack[]): Attack[] {
  return doors.flatMap((door) =>
    attacks.filter(({ appliesTo }) => appliesTo?.(door) ?? true).map((each) => atDoor(door, each)),
  );
}

function unknown(config: AppConfig): Attack[] {
  const options = Object.keys(UNKNOWN) as (keyof typeof UNKNOWN)[];
  return options
    .filter((option) => !isGiven(config[option]))
    .map((option) => ({ name: UNKNOWN[option], needs: [option], run: async () => {} }));
}

/** The options without which an attack is left out. */
export function missingFor({ needs = [] }: Attack, config: AppConfig): string[] {
  return [...new Set(needs)].filter((option) => !isGiven(config[option]));
}

function isGiven(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return value !== undefined;
  return Object.keys(value).length > 0;
}
