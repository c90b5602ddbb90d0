import { createRig, enroll, type Rig, START, TestClock } from "../../__tests__/helpers/service.js";
import { createMemoryStore, generateTotp, type TotpStore } from "../../lib/index.js";
import { createRandom } from "../random.js";

export const STEP_MS = 30_000;
export const DAY_MS = 86_400_000;
export const USER = "ada";

export interface Parameters {
  window: 0 | 1 | 2;
  digits: 6 | 8;
}

/** A service, its one user, and what is found out about the two in a year. */
export interface World extends Parameters {
  rig: Rig;
  random: () => number;
  /** What the user's phone has now. */
  secret: string;
  backupCodes: string[];
  /** When the owner comes next, which every attacker knows; the time itself while the owner is here. */
  nextVisit: number;
  isVisiting: boolean;
  /** How many codes of the attacker were looked at. Against two pending setups, each counts twice. */
  guesses: number;
  visits: Visit[];
  /** New phones that could not be confirmed, as their setup was gone. */
  setupsLost: number;
  /** Bytes of the largest string that the store was given. */
  largest: number;
}

/** What became of one thing that the owner wanted. */
export interface Visit {
  kind: "login" | "new phone" | "first phone";
  /** From the first code that was sent to the one that was accepted. */
  keptOutMs: number;
  /** The same, from the first backup code that was sent; `undefined` if none was. */
  keptOutWithBackupCodeMs: number | undefined;
  tries: number;
  /** Whether there was a typo among three codes, which costs their owner some time. */
  hadTypoInThree: boolean;
  hasGivenUp: boolean;
}

/** An attacker or the owner. Yields when to act next. */
export type Actor = AsyncGenerator<number, void, void>;

export async function createWorld(parameters: Parameters, seed: number): Promise<World> {
  const { window, digits } = parameters;
  const sizes = { largest: 0 };
  const clock = new TestClock();
  const store = weigh(createMemoryStore({ now: clock.now }), sizes);
  const options = { window, digits, backupCodes: { count: 10 }, onEvent: () => {}, store };
  const rig = createRig(options, clock);
  const { secret, backupCodes } = await enroll(rig, USER, { digits });
  return {
    ...parameters,
    rig,
    random: createRandom(seed).next,
    secret,
    backupCodes,
    nextVisit: START,
    isVisiting: false,
    guesses: 0,
    visits: [],
    setupsLost: 0,
    get largest() {
      return sizes.largest;
    },
  };
}

function weigh(store: TotpStore, sizes: { largest: number }): TotpStore {
  return {
    get: (userId) => store.get(userId),
    compareAndSet(userId, expected, next, options) {
      sizes.largest = Math.max(sizes.largest, Buffer.byteLength(next ?? ""));
      return store.compareAndSet(userId, expected, next, options);
    },
  };
}

/** Lets all act in the order of their times, until the owner has lived for so many days. */
export async function play({ rig: { clock } }: World, owner: Actor, attackers: Actor[]) {
  const waiting = [owner, ...attackers].map((actor) => ({ actor, at: clock.time }));
  for (;;) {
    const next = waiting.reduce((first, each) => (each.at < first.at ? each : first));
    clock.time = Math.max(clock.time, next.at);
    const { done, value } = await next.actor.next();
    if (done && next.actor === owner) return;
    next.at = done ? Number.POSITIVE_INFINITY : value;
  }
}

/** A code that no secret given shows around now. */
export function wrongFor({ rig: { clock }, digits }: World, ...secrets: string[]): string {
  for (const digit of "0123456789") {
    const code = digit.repeat(digits);
    const isRight = secrets.some((secret) =>
      [-2, -1, 0, 1, 2].some(
        (step) => generateTotp({ secret, digits, now: () => clock.time + step * STEP_MS }) === code,
      ),
    );
    if (!isRight) return code;
  }
  throw new Error("None of ten codes is wrong");
}
