// Verify over each engine, against the bare driver doing the same two round trips: one read, one write on
// condition. Both in turn in one run, as ratios.

import { randomUUID } from "node:crypto";
import { createTotpService } from "../lib/index.js";
import { median } from "./median.js";
import type { Reached } from "./stores-drivers.js";
import { forEachEngine } from "./stores-engines.js";
import { codeAt, drawState, START } from "./stores-states.js";

const USERS = 200;
const ROUNDS = Number(process.env.BENCH_STORE_ROUNDS ?? 15);
const AT_ONCE = [1, 16];

export async function benchStores(): Promise<void> {
  console.log("\nVerify over each engine (totp.verify / bare driver; higher is better, 1 at most)");
  await forEachEngine(async (name, engine) => {
    for (const atOnce of AT_ONCE) await compare(name, engine, atOnce);
  });
}

async function compare(name: string, engine: Reached, atOnce: number): Promise<void> {
  const ids = await enroll(engine);
  const bareIds = await enroll(engine);
  let now = START;
  const totp = createTotpService({ store: engine.store, now: () => now });
  const rates = { ours: [] as number[], bare: [] as number[] };
  for (let round = -1; round < ROUNDS; round++) {
    now += 30_000;
    const code = codeAt(now);
    const ours = await rate(ids, atOnce, async (id) => (await totp.verify(id, code)).ok);
    const bare = await rate(bareIds, atOnce, (id) => readAndWrite(engine, id));
    // The first round warms up.
    if (round < 0) continue;
    rates.ours.push(ours);
    rates.bare.push(bare);
  }
  const ratios = rates.ours.map((ours, i) => ours / (rates.bare[i] ?? Number.NaN));
  const [ours, bare] = [median(rates.ours), median(rates.bare)].map((each) => each.toFixed(0));
  const label = `${name}, ${atOnce} at once`.padEnd(24);
  console.log(`  ${label} ${median(ratios).toFixed(3)}  (${ours} / ${bare} a second)`);
}

async function enroll({ fill }: Reached): Promise<string[]> {
  const ids = Array.from({ length: USERS }, () => randomUUID());
  await fill(ids.map((id) => [id, drawState()]));
  return ids;
}

let writes = 0;

async function readAndWrite({ read, write }: Reached, id: string): Promise<boolean> {
  const value = await read(id);
  // As long as before, and different.
  return write(id, value, value.slice(0, -12) + String(writes++).padStart(12, "0"));
}

/** Calls a second; each id once. */
async function rate(
  ids: readonly string[],
  atOnce: number,
  call: (id: string) => Promise<boolean>,
): Promise<number> {
  const waiting = [...ids];
  const began = performance.now();
  const work = async () => {
    for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
      if (!(await call(id))) throw new Error("A call was refused");
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return (ids.length / (performance.now() - began)) * 1000;
}
