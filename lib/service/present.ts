import { normalizeCode } from "../otp/time-step.js";
import { hashBackupCode, normalizeBackupCode } from "./backup-codes.js";
import type { PresentedCode } from "./check-code.js";
import { unlessCrowded } from "./crowd.js";
import { lockedFor } from "./lockout.js";
import type { TotpState } from "./state.js";

/**
 * Brings what a user typed into the forms that a state can compare. `undefined` where no code looks like
 * that: such a text is no guess, and costs no attempt. `"busy"` where it cannot be looked at now.
 */
export type Presenter = (
  state: TotpState,
  now: number,
) => Promise<PresentedCode | "busy" | undefined>;

/** A presenter for one call: the slow hash is made once a salt, however often the write is tried. */
export function createPresenter(code: unknown): Presenter {
  const hashes = new Map<string, string>();
  return async ({ active, backupCodes, attempts }, now) => {
    if (typeof code !== "string" || !active) return undefined;
    const totp = normalizeCode(code, active.digits);
    if (totp !== undefined) return { totp };
    const normalized = normalizeBackupCode(code);
    if (normalized === undefined) return undefined;
    // A locked user's codes are not looked at, so they must not cost a hash either.
    if (!backupCodes || lockedFor(attempts, now) !== undefined) return {};
    const { salt } = backupCodes;
    const hash = () => hashBackupCode(normalized, backupCodes);
    const backupHash = hashes.get(salt) ?? (await unlessCrowded(salt, hash));
    if (backupHash === undefined) return "busy";
    hashes.set(salt, backupHash);
    return { backupHash };
  };
}
