import { availableParallelism } from "node:os";

/**
 * Runs as many tasks at once as there are cores.
 *
 * @param {(() => Promise<void>)[]} tasks
 */
export async function inParallel(tasks) {
  // All workers take their tasks from this one iterator.
  const waiting = tasks.values();
  const work = async () => {
    for (const task of waiting) await task();
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
}
