// Changes lib in thousands of small ways, one at a time, and counts the changes that the tests notice. Exits with 1
// if an area, or all of them together, are below 90 %. MUTATION_AREAS=otp,http runs some of the areas.
// MUTATION_INCREMENTAL=1 runs only what changed since its last run.
import { AREAS } from "../mutation/areas.js";
import { runArea } from "../mutation/run-area.js";
import { percent, type Score, scoreOf, total } from "../mutation/score.js";

const LEAST_PERCENT = 90;

const names = process.env.MUTATION_AREAS?.split(",") ?? Object.keys(AREAS);
const scores: [string, Score][] = names.map((name) => {
  const area = AREAS[name];
  if (!area) throw new Error(`No area is named ${name}. They are ${Object.keys(AREAS).join(", ")}`);
  return [name, scoreOf(runArea(name, area))];
});
scores.push(["total", total(scores.map(([, score]) => score))]);

const row = (cells: readonly (string | number)[]) => `| ${cells.join(" | ")} |`;
console.log(row(["area", "mutants", "killed", "survived", "no coverage", "timed out", "score"]));
console.log(row(["---", "---:", "---:", "---:", "---:", "---:", "---:"]));
for (const [name, score] of scores) {
  const { mutants, killed, survived, noCoverage, timedOut } = score;
  const shown = `${percent(score).toFixed(1)} %`;
  console.log(row([name, mutants, killed, survived, noCoverage, timedOut, shown]));
}
process.exitCode = scores.every(([, score]) => percent(score) >= LEAST_PERCENT) ? 0 : 1;
