interface Runs {
  /** In `npm run test:all`. */
  all: number;
  /** In `npm test`. */
  few: number;
}

/**
 * How often a property is tried, and from which seed. The seed is told, so that what failed once can be run
 * again: FC_SEED=… npx jest ….
 */
export function seededRuns(title: string, { all, few }: Runs): { numRuns: number; seed: number } {
  const { FC_SEED, TEST_ALL } = process.env;
  const seed = FC_SEED ? Number(FC_SEED) : Math.floor(Math.random() * 2 ** 31);
  const numRuns = TEST_ALL ? all : few;
  process.stdout.write(`${title}: ${numRuns} runs, FC_SEED=${seed}\n`);
  return { numRuns, seed };
}
