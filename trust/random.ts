import { createHash } from "node:crypto";

/** Numbers from 0 up to 1, the same ones for the same seed. */
export function createRandom(seed: number): () => number {
  let block = Buffer.alloc(0);
  let blocks = 0;
  return () => {
    if (block.length === 0) block = createHash("sha512").update(`${seed} ${blocks++}`).digest();
    const number = block.readUInt32BE() / 2 ** 32;
    block = block.subarray(4);
    return number;
  };
}

/** The seed of this run, which is printed and can be given as `SEED`. */
export function readSeed(): number {
  const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
  console.log(`SEED=${seed}`);
  return seed;
}
