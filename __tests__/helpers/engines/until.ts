import { setTimeout as delay } from "node:timers/promises";

const PATIENCE_MS = 60_000;
const PAUSE_MS = 25;

/**
 * Asks again and again until there is an answer; rejects when patience has ended.
 *
 * @param hopeless Resolves with the reason, if there can be no answer any more.
 */
export async function until(
  ask: () => Promise<unknown>,
  hopeless: Promise<string> = new Promise(() => {}),
): Promise<void> {
  let reason: string | undefined;
  hopeless.then((given) => {
    reason = given;
  });
  for (const deadline = Date.now() + PATIENCE_MS; ; await delay(PAUSE_MS)) {
    try {
      await ask();
      return;
    } catch (cause) {
      if (reason !== undefined) throw new Error(reason, { cause });
      if (Date.now() > deadline) throw new Error("No answer came in time", { cause });
    }
  }
}
