import { isStepUp, type Operation, operationsOf } from "../app/operations.js";
import type { AppConfig } from "../app/options.js";
import { type Attack, attackOn, dependingOn, type OperationAttack } from "./attack.js";
import { BACKUP_CODES } from "./backup-codes.js";
import {
  ACCEPTS_CODE,
  FAR_OFF,
  FIRST_FACTOR_ALONE,
  OPERATION_WORKS,
  REFUSES_CODE,
  SIGN_IN_WORKS,
  WORKS,
} from "./basics.js";
import { changesAttacks } from "./changes.js";
import { CROSS_SITES, OPERATION_CROSS_SITE } from "./cross-site.js";
import { freshnessAttacks, STALE } from "./freshness.js";
import { LEAKS, OPERATION_LEAKS } from "./leaks.js";
import { LOCKOUTS, OPERATION_LOCKOUTS } from "./lockout.js";
import { OPERATION_OMISSIONS } from "./omission.js";
import { OPERATION_RACES, RACES } from "./races.js";
import { OPERATION_REDIRECTS } from "./redirects.js";
import { OPERATION_REPLAYS, REPLAYS } from "./replay.js";
import { SESSIONS } from "./sessions.js";
import { SETUPS } from "./setup.js";

const OPERATION_ATTACKS: readonly OperationAttack[] = [
  ...FAR_OFF,
  ...OPERATION_REPLAYS,
  ...OPERATION_RACES,
  ...OPERATION_LOCKOUTS,
  ...OPERATION_OMISSIONS,
  ...OPERATION_CROSS_SITE,
  ...OPERATION_REDIRECTS,
  ...OPERATION_LEAKS,
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

/** What apps may have, and what is skipped under this name if the option is missing. */
const OPTIONAL = {
  guarded: "calls that require a code",
  fresh: "calls that require a code from the last few minutes",
  disable: "turning two-factor off",
  changes: "calls that change something without a code",
  paths: "leaks: other paths contain no secret",
} as const;

/** Returns all attacks on an app: first those that the others depend on, then by topic, then by operation. */
export function attacksOn(config: AppConfig): Attack[] {
  const [signIn, ...others] = operationsOf(config);
  const changes = Object.entries(config.changes ?? {}).flatMap((each) => changesAttacks(...each));
  const fresh = Object.entries(config.fresh ?? {}).map((each) => freshnessAttacks(...each));
  const onOperations = dependingOn(OPERATION_WORKS, OPERATION_ATTACKS);
  return [
    attackOn(signIn, ACCEPTS_CODE),
    FIRST_FACTOR_ALONE,
    ...dependingOn(WORKS, [
      attackOn(signIn, REFUSES_CODE),
      ...attacksOnEach(others, [ACCEPTS_CODE]),
      ...fresh.map(([first]) => first),
      ...others.flatMap((each) =>
        attacksOnEach([each], dependingOn(isStepUp(each) ? [STALE] : [], [REFUSES_CODE])),
      ),
    ]),
    ...dependingOn(SIGN_IN_WORKS, [...ATTACKS, ...changes]),
    ...dependingOn(WORKS, attacksOnEach([signIn, ...others], onOperations)),
    ...dependingOn(
      WORKS,
      fresh.flatMap(([, ...more]) => more),
    ),
    ...missing(config),
  ];
}

function attacksOnEach(
  operations: readonly Operation[],
  attacks: readonly OperationAttack[],
): Attack[] {
  return operations.flatMap((operation) =>
    attacks
      .filter(({ appliesTo }) => appliesTo?.(operation) ?? true)
      .map((each) => attackOn(operation, each)),
  );
}

function missing(config: AppConfig): Attack[] {
  const options = Object.keys(OPTIONAL) as (keyof typeof OPTIONAL)[];
  return options
    .filter((option) => !isGiven(config[option]))
    .map((option) => ({ name: OPTIONAL[option], needs: [option], run: async () => {} }));
}

/** Returns the options that are missing for an attack. */
export function missingFor({ needs = [] }: Attack, config: AppConfig): string[] {
  return [...new Set(needs)].filter((option) => !isGiven(config[option]));
}

function isGiven(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return value !== undefined;
  return Object.keys(value).length > 0;
}
