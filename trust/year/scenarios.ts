import * as attack from "./attackers.js";
import { enrollDaily, type live } from "./owner.js";
import type { Actor, Parameters, World } from "./world.js";

export const DEFAULTS: Parameters = { window: 1, digits: 6 };

export interface Scenario {
  name: string;
  attackers: (world: World) => Actor[];
  parameters?: Parameters;
  signIns?: readonly number[];
  isForgetful?: boolean;
  life?: typeof live;
  /** Why there is no goal: what is left to the app. */
  left?: string;
}

const every = (ms: number, act: (world: World) => Promise<void>) => (world: World) => [
  attack.flood(world, ms, act),
];

export const guessing = ([0, 1, 2] as const).flatMap((window) =>
  ([6, 8] as const).map(
    (digits): Scenario => ({
      name: `guessing, window ${window}, ${digits} digits`,
      attackers: (world) => [attack.guess(world)],
      parameters: { window, digits },
    }),
  ),
);

const LIMIT_PASSWORDS = "docs/security.md: limit passwords, right ones included";

export const others: Scenario[] = [
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

export const newcomers: Scenario[] = [
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
