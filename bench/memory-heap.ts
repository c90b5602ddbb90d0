// What memory.ts runs: prints its figures.
import { randomInt, randomUUID } from "node:crypto";
import { createMemoryStore, createTotpService } from "../lib/index.js";
import { median } from "./median.js";
import { codeAt, drawState, START } from "./stores-states.js";

const MANY = Number(process.env.BENCH_MEMORY_USERS ?? 1_000_000);
const FEW = 1000;
const ROUNDS = 40;
const VERIFIES = 200;

let now = START;

async function fill(users: number) {
  const store = createMemoryStore({ now: () => now });
  const ids = Array.from({ length: users }, () => randomUUID());
  global.gc?.();
  const before = process.memoryUsage().heapUsed;
  for (const id of ids) await store.compareAndSet(id, undefined, drawState());
  global.gc?.();
  const bytes = (process.memoryUsage().heapUsed - before) / users;
  const totp = createTotpService({ store, now: () => now });
  return { ids, bytes, totp, micros: [] as number[] };
}

/** Microseconds a verify, of users by lot. */
async function verify({ ids, totp, micros }: Awaited<ReturnType<typeof fill>>): Promise<void> {
  const chosen = new Set<string>();
  while (chosen.size < VERIFIES) chosen.add(ids[randomInt(ids.length)] as string);
  const code = codeAt(now);
  const began = performance.now();
  for (const id of chosen) {
    if (!(await totp.verify(id, code)).ok) throw new Error("A right code was refused");
  }
  micros.push(((performance.now() - began) / VERIFIES) * 1000);
}

const few = await fill(FEW);
const many = await fill(MANY);
for (let round = 0; round < ROUNDS; round++) {
  now += 30_000;
  await verify(few);
  await verify(many);
}
const [fewMicros, manyMicros] = [median(few.micros), median(many.micros)];
const million = MANY.toLocaleString("en");
const length = drawState().length;
console.log(
  `  bytes a user, of ${million}: ${many.bytes.toFixed(0)} (its string has ${length}; ids not counted)`,
);
console.log(
  `  verify: ${manyMicros.toFixed(0)} µs at ${million} users, ${fewMicros.toFixed(0)} µs at ${FEW}`,
);
console.log(`  ratio ${(manyMicros / fewMicros).toFixed(2)}`);
