import type { MutantStatus, Report } from "./run-area.js";

export interface Score {
  mutants: number;
  killed: number;
  survived: number;
  noCoverage: number;
  timedOut: number;
}

/** Counts the mutants that have a result. Those that cannot be run, or are ignored, are none. */
export function scoreOf({ files }: Report): Score {
  const statuses = Object.values(files).flatMap(({ mutants }) =>
    mutants.map((each) => each.status),
  );
  const count = (status: MutantStatus) => statuses.filter((each) => each === status).length;
  const killed = count("Killed");
  const survived = count("Survived");
  const noCoverage = count("NoCoverage");
  const timedOut = count("Timeout");
  return {
    mutants: killed + survived + noCoverage + timedOut,
    killed,
    survived,
    noCoverage,
    timedOut,
  };
}

export function total(scores: readonly Score[]): Score {
  const sum = (key: keyof Score) => scores.reduce((so, score) => so + score[key], 0);
  return {
    mutants: sum("mutants"),
    killed: sum("killed"),
    survived: sum("survived"),
    noCoverage: sum("noCoverage"),
    timedOut: sum("timedOut"),
  };
}

/** Percent of the mutants that were noticed. */
export function percent({ mutants, killed, timedOut }: Score): number {
  return mutants === 0 ? 0 : (100 * (killed + timedOut)) / mutants;
}
