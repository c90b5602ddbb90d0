import { setTimeout as delay } from "node:timers/promises";
import type { EngineKind } from "../../__tests__/helpers/engines/kind.js";
import type { EngineName } from "../../__tests__/helpers/fleet/open-store.js";
import { createRandom } from "../random.js";
import { act } from "./act.js";
import { audit } from "./audit.js";
import { breakThings, type FaultCounts } from "./faults.js";
import { Site } from "./site.js";
import { User } from "./user.js";

/** Users who do something at the same time. */
const AT_ONCE = 8;
/** Longer than a worker waits for its store. */
const CALM_MS = 5000;

export interface SoakOptions {
  minutes: number;
  users: number;
  seed: number;
}

export interface SoakResult {
  site: Site;
  users: User[];
  faults: FaultCounts;
}

/** Lets users live over an engine while things break, and then checks what they were promised. */
export async function soak(
  kind: EngineKind,
  start: NonNullable<ReturnType<EngineKind["find"]>>,
  { minutes, users: count, seed }: SoakOptions,
): Promise<SoakResult> {
  const random = createRandom(seed);
  const site = await Site.start(kind.name as EngineName, await start());
  try {
    const users = Array.from({ length: count }, () => new User(site, random));
    const until = AbortSignal.timeout(minutes * 60_000);
    const breaking = breakThings(site, createRandom(seed + 1), until);
    await Promise.all(Array.from({ length: AT_ONCE }, () => live(users, until)));
    const faults = await breaking;
    await delay(CALM_MS);
    await audit(site, users);
    return { site, users, faults };
  } finally {
    await site.stop();
  }
}

/** One user after the other does something, whoever is not busy. */
async function live(users: User[], until: AbortSignal): Promise<void> {
  while (!until.aborted) {
    const user = users.shift();
    if (!user) return;
    await act(user);
    users.push(user);
  }
}
