import type { Engine } from "./local-engine.js";

/** Where the process of the whole run starts what is shared; see run/global-setup.mjs. */
const { SHARED_ENGINES_URL } = process.env;

/** What all test files of this run share, started for the first one that asks. */
export function findShared(name: string): (() => Promise<Engine>) | undefined {
  if (SHARED_ENGINES_URL === undefined) return undefined;
  return async () => {
    const response = await fetch(new URL(encodeURIComponent(name), SHARED_ENGINES_URL));
    const text = await response.text();
    if (!response.ok) throw new Error(text);
    return { url: text, stop: async () => {} };
  };
}
