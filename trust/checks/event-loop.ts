// How long another route of the same app takes while setups, confirmations and backup codes flood the process, against
// the same app with bare routes that read and send as much.
//
// "The same number of requests" is a rate: as many are offered to both, whether or not they keep up, and what is offered
// is well below what the bare app serves. The goal holds at each of the rates; the highest is what ours can just sustain.
// With as many requests waiting all the time (a benchmark's way), the bare app serves more of them in the time, and each
// route that does more makes all others wait for as much more: that ratio is shown, and is no goal. SECONDS scales it.
import { availableParallelism, loadavg } from "node:os";
import { median } from "../../bench/median.js";
import type { Flood } from "../event-loop/flood.js";
import { start } from "../event-loop/subject.js";

const GOAL = 1.5;
const ROUNDS = 5;
/** The two take turns within a round, too, so that what slows the machine down hits both alike. */
const TURNS = 8;
const SECONDS = Number(process.env.SECONDS ?? 1);
/** Users a second; each sends three requests. */
const RATES = [100, 300, 600];
const AT_ONCE = 16;

const subjects = { ours: await start("ours"), bare: await start("bare") };

async function measureRound(flood: Flood) {
  const sums = { ours: newSum(), bare: newSum() };
  for (let turn = 0; turn < TURNS; turn++) {
    for (const name of turn % 2 ? (["ours", "bare"] as const) : (["bare", "ours"] as const)) {
      const { times, usersASecond } = await subjects[name].probe(flood);
      sums[name].times.push(...times);
      sums[name].rate += (3 * usersASecond) / TURNS;
    }
  }
  return { ours: summarize(sums.ours), bare: summarize(sums.bare) };
}

const newSum = () => ({ times: [] as number[], rate: 0 });

function summarize({ times, rate }: ReturnType<typeof newSum>) {
  const sorted = times.sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor(sorted.length * share)] ?? Number.NaN;
  return { p50: at(0.5), p99: at(0.99), rate };
}

async function compare(name: string, flood: Flood): Promise<number> {
  const ratios: number[] = [];
  console.log(`\n${name}`);
  for (let round = 0; round < ROUNDS; round++) {
    const { ours, bare } = await measureRound(flood);
    ratios.push(ours.p99 / bare.p99);
    const show = ({ p50, p99, rate }: typeof ours) =>
      `p50 ${p50.toFixed(2)} ms, p99 ${p99.toFixed(2)} ms at ${rate.toFixed(0)} requests/s`;
    console.log(`  ours ${show(ours)} | bare ${show(bare)} | ${(ours.p99 / bare.p99).toFixed(2)}`);
  }
  console.log(`  median ratio of p99: ${median(ratios).toFixed(2)}`);
  return median(ratios);
}

// Three processes share the processors: where others wait for them, too, the figures are about those.
console.log(`${availableParallelism()} processors, load ${loadavg()[0]?.toFixed(1)}`);
try {
  for (const each of Object.values(subjects)) await each.probe({ seconds: 3, atOnce: AT_ONCE });
  for (const usersASecond of RATES) {
    const name = `${3 * usersASecond} requests/s offered to both (goal: ${GOAL} at most)`;
    const ratio = await compare(name, { seconds: SECONDS, usersASecond });
    if (ratio > GOAL) process.exitCode = 1;
  }
  await compare(`${AT_ONCE} requests waiting at any time (no goal)`, {
    seconds: SECONDS,
    atOnce: AT_ONCE,
  });
} finally {
  for (const { stop } of Object.values(subjects)) stop();
}
