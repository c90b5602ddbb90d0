interface Runs {
  /** In `npm run test:all`. */
  all: number;
  /** In `npm test`. */
  few: number;
}

/** With few tries, only a known seed reaches everything that a test wants to have seen. */
const KNOWN_SEED = 4;

/**
 * How often a property is tried, and from which seed: a new one each time in `npm run test:all`. The seed is
 * printed, so that what failed once can be run again: FC_SEED=… npx jest ….
 */
export function seededRuns(title: string, { all, few }: Runs): { numRuns: number; seed: number } {
  const { FC_SEED, TEST_ALL } = process.env;
  const ownSeed = TEST_ALL ? Math.floor(Math.random() * 2 ** 31) : KNOWN_SEED;
  const seed = FC_SEED ? Number(FC_SEED) : ownSeed;
  const numRuns = TEST_ALL ? all : few;
  process.stdout.write(`${title}: ${numRuns} runs, FC_SEED=${seed}\n`);
  return { numRuns, seed };
}
