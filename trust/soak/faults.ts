import { setTimeout as delay } from "node:timers/promises";
import { CUT_CONNECTIONS } from "../../__tests__/helpers/fleet/cut-connections.js";
import type { Random } from "../random.js";
import type { Site } from "./site.js";

/** How often something of a kind was broken. */
export type FaultCounts = Record<Kind, number>;

const KINDS = {
  "engine killed": killEngine,
  "engine hung": hangEngine,
  "connections cut": cutConnections,
  "responses cut": cutResponses,
  "worker killed": killWorker,
  "clock stepped": stepClock,
};
type Kind = keyof typeof KINDS;

const WEIGHTS: Record<Kind, number> = {
  "engine killed": 4,
  "engine hung": 1,
  "connections cut": 2,
  "responses cut": 5,
  "worker killed": 3,
  "clock stepped": 4,
};
/** SQLite is no process, and has no connections. */
const WEIGHTS_OF_FILES: Record<Kind, number> = {
  ...{ "engine killed": 0, "engine hung": 0, "connections cut": 0, "responses cut": 0 },
  ...{ "worker killed": 4, "clock stepped": 3 },
};

const PAUSE_MS = [1000, 4000] as const;
const DOWN_MS = [200, 1500] as const;
/** Longer than the workers wait for their store. */
const HUNG_MS = 3500;
/** Half a time step, to either side. */
const OFFSET_MS = 15_000;
const BACKWARDS_MS = 30_000;

/** Breaks one thing after the other, and mends each before the next. */
export async function breakThings(
  site: Site,
  random: Random,
  until: AbortSignal,
): Promise<FaultCounts> {
  const counts = Object.fromEntries(Object.keys(KINDS).map((kind) => [kind, 0])) as FaultCounts;
  const weights = site.name === "SQLite" ? WEIGHTS_OF_FILES : WEIGHTS;
  while (!until.aborted) {
    await delay(random.between(...PAUSE_MS), undefined, { signal: until }).catch(() => {});
    if (until.aborted) break;
    const kind = random.weighted(weights);
    await site.disturb(() => KINDS[kind](site, random));
    counts[kind]++;
  }
  return counts;
}

async function killEngine({ engine }: Site, random: Random): Promise<void> {
  await engine.kill();
  await delay(random.between(...DOWN_MS));
  await engine.restart();
}

async function hangEngine({ engine }: Site): Promise<void> {
  engine.pause();
  await delay(HUNG_MS);
  engine.resume();
}

/** Several times, as clients connect again at once. */
async function cutConnections({ engine, name }: Site, random: Random): Promise<void> {
  if (name === "SQLite") return;
  for (let times = random.between(1, 5); times > 0; times--) {
    await CUT_CONNECTIONS[name](engine.url);
    await delay(random.between(0, 300));
  }
}

/** After writes have landed, and before anybody knows. */
async function cutResponses({ cable }: Site, random: Random): Promise<void> {
  for (let times = random.between(1, 3); times > 0; times--) {
    await cable?.cut(random.between(5, 200));
    await delay(random.between(0, 300));
  }
}

async function killWorker(site: Site, random: Random): Promise<void> {
  const index = random.between(0, site.workers - 1);
  await site.killWorker(index);
  await delay(random.between(...DOWN_MS));
  await site.replaceWorker(index);
}

/** Stays so, but for one that goes backwards by a whole step: codes of its users are refused until it is back. */
async function stepClock(site: Site, random: Random): Promise<void> {
  const index = random.between(0, site.workers - 1);
  if (random.next() < 0.3) {
    site.stepClock(index, -BACKWARDS_MS);
    await delay(random.between(...DOWN_MS));
  }
  site.stepClock(index, random.between(-OFFSET_MS, OFFSET_MS));
}
