import fc from "fast-check";
import type { TargetName } from "./apps.js";
import { byteChanges, changes } from "./changes.js";
import { type Facts, LOGIN_STATES, TOTP_STATES, type UserState } from "./users.js";
import { CODES, validDrafts, writeDraft } from "./valid.js";

/** Requests that are sent one behind the other over one connection, to a user in a known state. */
export interface Exchange {
  state: UserState;
  /** How many requests there are. */
  count: number;
  /** Whether each of them is what a client sends that means no harm. */
  isValid: boolean;
  /** The bytes, in as many parts as they are written in. */
  write: (facts: Facts) => string[];
  /** Whether the client hangs up before it has sent everything. */
  isCut: boolean;
}

interface Single {
  isValid: boolean;
  write: (facts: Facts) => string;
}

/** The first of a list is what a failing request is shrunk to, so what is usual comes first. */
const states: fc.Arbitrary<UserState> = fc.record({
  totp: fc.constantFrom(...TOTP_STATES),
  login: fc.constantFrom(...LOGIN_STATES),
  isSignedIn: fc.constantFrom(true, true, true, false),
  isFresh: fc.constantFrom(false, false, true),
});

const list = <T>(arbitrary: fc.Arbitrary<T>, sizes: readonly number[]) =>
  fc.constantFrom(...sizes).chain((size) => fc.array(arbitrary, { minLength: 0, maxLength: size }));

function singles(target: TargetName): fc.Arbitrary<Single> {
  const routes = validDrafts(target, "").length;
  return fc
    .record({
      route: fc.nat({ max: routes - 1 }),
      code: fc.constantFrom(...CODES),
      changes: list(changes, [0, 1, 1, 2, 3]),
      byteChanges: list(byteChanges, [0, 0, 0, 0, 0, 1, 2]),
    })
    .map(({ route, code, changes, byteChanges }) => {
      const draft = validDrafts(target, code)[route];
      if (!draft) throw new Error("no such route");
      const changed = changes.reduce((each, change) => change(each), draft);
      return {
        isValid: changes.length + byteChanges.length === 0,
        write: (facts) =>
          byteChanges.reduce((text, change) => change(text), writeDraft(changed, facts)),
      };
    });
}

/** How the bytes are cut: into how many parts, and after which share of them the client hangs up. */
const deliveries = fc.record({
  parts: fc.constantFrom(1, 1, 1, 2, 5),
  sent: fc.oneof(
    { weight: 15, arbitrary: fc.constant(1) },
    { weight: 1, arbitrary: fc.nat({ max: 999 }).map((share) => share / 1000) },
  ),
});

export function exchanges(target: TargetName): fc.Arbitrary<Exchange> {
  const requests = fc
    .constantFrom(1, 1, 1, 2, 4)
    .chain((maxLength) => fc.array(singles(target), { minLength: 1, maxLength }));
  return fc.tuple(states, requests, deliveries).map(([state, requests, { parts, sent }]) => ({
    state,
    count: requests.length,
    isValid: requests.every(({ isValid }) => isValid) && sent === 1,
    isCut: sent < 1,
    write: (facts) => {
      const text = requests.map(({ write }) => write(facts)).join("");
      return split(text.slice(0, Math.ceil(sent * text.length)), parts);
    },
  }));
}

function split(text: string, parts: number): string[] {
  const size = Math.ceil(text.length / parts) || 1;
  return Array.from({ length: parts }, (_, i) => text.slice(i * size, (i + 1) * size));
}
