import { decodeBase32 } from "../../lib/otp/base32.js";
import { computeCode } from "../../lib/otp/speakeasy.js";
import type { TotpState } from "../../lib/service/machine/state.js";
import { verify } from "../../lib/service/machine/verify.js";
import { START, secretNo } from "./service.js";

const DAY_MS = 86_400_000;
const STEP_MS = 30_000;
const SECRET = secretNo(1);
const KEY = decodeBase32(SECRET) as Buffer;
/** More than any lockout worth its name allows in a year: there is no need to go on. */
const TOO_MANY = 20_000;

/** What the options allow, and how often a day the user signs in, at times that the attacker knows. */
export interface Attack {
  window: number;
  digits: 6 | 8;
  signIns: number;
}

/**
 * `greedy` guesses whenever there is no lock. `careful` stops where a lock would keep the user from signing
 * in, which clears the count of wrong codes in a row.
 */
const STRATEGIES = ["greedy", "careful"] as const;
type Strategy = (typeof STRATEGIES)[number];

/** The chance that one of so many guesses is right. Fewer codes are when the user has just signed in. */
export function chanceOf(guesses: number, { window, digits }: Attack): number {
  return 1 - (1 - (2 * window + 1) / 10 ** digits) ** guesses;
}

/** How many wrong codes are looked at in a year, by the better way of the two. */
export function guessesInAYear(attack: Attack): number {
  return Math.max(...STRATEGIES.map((strategy) => guessesBy(strategy, attack)));
}

/** Each guess is given to the operation that a service runs, and counts if it was looked at. */
function guessesBy(strategy: Strategy, attack: Attack): number {
  const target = new Target(attack);
  const interval = attack.signIns === 0 ? Number.POSITIVE_INFINITY : DAY_MS / attack.signIns;
  const end = START + 365 * DAY_MS;
  let now = START;
  let signIn = START + interval;
  let inVain = 0;
  while (now < end && target.guesses < TOO_MANY) {
    if (now >= signIn) {
      target.signIn(now);
      signIn += interval;
    }
    const before = target.guesses;
    const until = target.guess(now, strategy === "careful" ? signIn : undefined);
    inVain = target.guesses > before ? 0 : inVain + 1;
    now = Math.min(until, signIn);
    // Nothing but time lets the careful one go on, so there is no need to try at each sign-in.
    if (inVain > 2 && strategy === "careful" && Number.isFinite(interval)) {
      const skipped = Math.floor(Math.min(2 ** inVain * interval, DAY_MS) / interval);
      now += skipped * interval;
      signIn += skipped * interval;
    }
  }
  return target.guesses;
}

/** A user who signs in, and whose codes are guessed at. */
class Target {
  guesses = 0;
  #state: TotpState;
  #guessesAtSignIn = 0;

  constructor(private readonly attack: Attack) {
    const parameters = {
      algorithm: "SHA1",
      digits: attack.digits,
      period: STEP_MS / 1000,
    } as const;
    const times = { createdAt: START, verifiedAt: START, lastUsedStep: START / STEP_MS - 100 };
    this.#state = { active: { secret: SECRET, ...parameters, ...times } };
  }

  /**
   * Has one wrong code looked at, unless that is refused, or would keep the user from a sign-in to come.
   * Returns when to guess again.
   */
  guess(now: number, sparedSignIn?: number): number {
    for (const digit of "0123456789") {
      const { state, outcome, events } = this.#verify(digit.repeat(this.attack.digits), now);
      if (outcome.ok || outcome.reason === "not_enabled") continue;
      if (outcome.reason === "locked") return now + outcome.retryAfterSeconds * 1000;
      const [event] = events ?? [];
      // A code of another step, by chance: it may not count, so it is no guess.
      if (event?.type !== "rejected" || event.reason !== "wrong") continue;
      if (sparedSignIn !== undefined && !this.#maySignIn(sparedSignIn, state)) return sparedSignIn;
      this.#state = state;
      this.guesses++;
      return now;
    }
    throw new Error("None of ten codes was wrong");
  }

  /** By the code that the phone shows or, if there is a lock, by three of them. */
  signIn(now: number): void {
    // Without a guess in between there is nothing to clear.
    if (this.guesses === this.#guessesAtSignIn) return;
    this.#guessesAtSignIn = this.guesses;
    const single = this.#verify(codeAt(now, this.attack), now);
    const times = [now - STEP_MS, now, now + STEP_MS];
    const three = () => times.map((time) => codeAt(time, this.attack)).join(" ");
    const { state, outcome } = single.outcome.ok ? single : this.#verify(three(), now);
    if (!outcome.ok) throw new Error("The user could not sign in");
    this.#state = state;
  }

  #maySignIn(time: number, state: TotpState): boolean {
    if (!Number.isFinite(time)) return true;
    return this.#verify(codeAt(time, this.attack), time, state).outcome.ok;
  }

  #verify(code: string, now: number, state = this.#state) {
    return verify(state, { code, purpose: "verify" }, { now, window: this.attack.window });
  }
}

/** By the library's own means: another one would take most of the time, and is not needed here. */
function codeAt(time: number, { digits }: Attack): string {
  return computeCode(KEY, Math.floor(time / STEP_MS), "SHA1", digits);
}
