import { until } from "../engines/until.js";
import type { Traffic } from "./traffic.js";

/** What breaks something, and what mends it. */
export interface Fault {
  strike(): Promise<unknown>;
  mend(): Promise<unknown>;
}

/** Lets a fault strike in the middle of a wave, and checks what must hold after it. Tells how much failed. */
export async function survive(traffic: Traffic, { strike, mend }: Fault): Promise<number> {
  await traffic.nextMoment(true);
  const before = traffic.ledger.failures;
  const enoughForNow = traffic.ledger.more(30);
  const first = traffic.wave();
  await enoughForNow;
  await strike();
  await Promise.all([first, traffic.wave()]);
  const failures = traffic.ledger.failures - before;
  await Promise.all([mend(), untilMended(traffic)]);
  // A wave may have been spared before the mending had ended.
  await untilMended(traffic);
  await checkEnrollments(traffic);
  return failures;
}

/** The same codes again: it is the same moment. */
async function untilMended(traffic: Traffic): Promise<void> {
  await until(async () => {
    const failed = await traffic.wave();
    if (failed > 0) throw new Error(`${failed} requests failed`);
  });
}

/** Nobody who was told that TOTP is on has lost it, and nobody was shown a secret that was not saved. */
async function checkEnrollments(traffic: Traffic): Promise<void> {
  await until(async () => {
    await traffic.settle();
    if (traffic.begun.length > 0) throw new Error(`Not confirmable: ${traffic.begun.length}`);
  });
  const enabled = await Promise.all(traffic.members.map(({ user }) => traffic.isEnabled(user)));
  expect(enabled).not.toContain(false);
  await until(async () => {
    await traffic.nextMoment(false);
    await traffic.wave();
    const { waiting } = traffic;
    if (waiting.length > 0) throw new Error(`Not signed in: ${waiting.length}`);
  });
}
