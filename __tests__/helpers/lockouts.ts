import { LOCK_MS, WEEKLY_ALLOWANCE } from "../../lib/service/machine/lockout.js";
import { type Rig, wrongCode } from "./service.js";

export const STEP_MS = 30_000;

/** Each call of a service that takes a code of an enabled enrollment. */
export const CALLS: [string, (rig: Rig, code: string) => Promise<{ ok: boolean }>][] = [
  ["verify", ({ totp }, code) => totp.verify("ada", code)],
  ["disable", ({ totp }, code) => totp.disable("ada", { proof: { code } })],
  [
    "regenerateBackupCodes",
    ({ totp }, code) => totp.regenerateBackupCodes("ada", { proof: { code } }),
  ],
  ["beginSetup", ({ totp }, code) => totp.beginSetup("ada", { proof: { code } })],
];

/** Guesses until there is a lock. Returns how many wrong codes that took. */
export async function guessUntilLocked({ totp, clock }: Rig, secret: string): Promise<number> {
  const code = wrongCode(clock.time, secret);
  for (let guesses = 0; guesses <= WEEKLY_ALLOWANCE; guesses++) {
    const outcome = await totp.verify("ada", code);
    if (outcome.ok) throw new Error("A wrong code was accepted");
    if (outcome.reason === "locked") return guesses;
  }
  throw new Error("There was no lock");
}

/** Spends the weekly allowance: from then on there is a lock for as long as somebody goes on guessing. */
export async function lockForAWeek(rig: Rig, secret: string): Promise<void> {
  let guesses = 0;
  for (;;) {
    guesses += await guessUntilLocked(rig, secret);
    if (guesses >= WEEKLY_ALLOWANCE) return;
    rig.clock.advance(LOCK_MS / 1000);
  }
}
