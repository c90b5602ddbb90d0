// A scripted adversary guesses all year long, and knows when the user signs in.
import { chanceOf, guessesInAYear } from "../helpers/guessing.js";

/** Twenty at once, and then twenty a week. */
const MOST = 20 + Math.ceil((365 / 7) * 20);

const ATTACKS = [0, 1, 10, 50].flatMap((signIns) =>
  [0, 1, 2].map((window) => ({ signIns, window, digits: 6 as const })),
);
// A year with many sign-ins takes seconds.
const TRIED = ATTACKS.filter(
  ({ signIns, window }) => process.env.TEST_ALL || signIns <= 1 || (signIns === 50 && window === 1),
);

describe("an accepted code cleared the count of wrong ones, so guessing got cheaper the more often the owner signed in", () => {
  test.each(TRIED)("$signIns sign-ins a day, window $window", (attack) => {
    const guesses = guessesInAYear(attack);
    expect(guesses).toBeLessThanOrEqual(MOST);
    // The adversary knows how to use what there is.
    expect(guesses).toBeGreaterThan(MOST - 25);
    for (const digits of [6, 8] as const) {
      expect(chanceOf(guesses, { ...attack, digits })).toBeLessThan(0.01);
    }
  });

  test("codes of eight digits can be guessed at as often as those of six", () => {
    const attack = { signIns: 1, window: 2 };
    const guesses = guessesInAYear({ ...attack, digits: 8 });
    expect(guesses).toBe(guessesInAYear({ ...attack, digits: 6 }));
  });
});

test("warehouse 8456: a short limit alone leaves slow guessing: it takes a long one beside it", () => {
  // Four before each sign-in are never five in a row.
  expect(guessesInAYear({ signIns: 24, window: 1, digits: 6 })).toBeLessThanOrEqual(MOST);
});
