// The memory store at a million users: bytes a user, and the time of a verify against that at a thousand.
// It runs in a process of its own, so that nothing else lies in the heap.
import { fork } from "node:child_process";
import { once } from "node:events";
import path from "node:path";

export async function benchMemory(): Promise<void> {
  console.log("\nMemory store");
  const child = fork(path.join(import.meta.dirname, "memory-heap.ts"), {
    execArgv: ["--import", "tsx", "--expose-gc"],
  });
  const [status] = await once(child, "exit");
  if (status !== 0) throw new Error(`memory-heap.ts ended with ${status}`);
}
