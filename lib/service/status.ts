import type { UserId } from "../base/user.js";
import type { Core } from "./core.js";
import { lockEnd } from "./machine/lockout.js";
import type { TotpStatus } from "./outcomes.js";

export async function status(core: Core, userId: UserId): Promise<TotpStatus> {
  const { active, backupCodes, lockout } = await core.read(userId);
  const lockedUntil = active && lockEnd(lockout, core.now());
  return {
    isEnabled: active !== undefined,
    ...(active && { createdAt: new Date(active.createdAt) }),
    ...(active?.verifiedAt && { verifiedAt: new Date(active.verifiedAt) }),
    backupCodesRemaining: backupCodes?.hashes.length ?? 0,
    ...(lockedUntil !== undefined && { lockedUntil: new Date(lockedUntil) }),
  };
}

export async function verifiedWithin(
  core: Core,
  userId: UserId,
  seconds: number,
): Promise<boolean> {
  const { active } = await core.read(userId);
  if (!active?.verifiedAt) return false;
  const age = core.now() - active.verifiedAt;
  // A time in the future means that a clock was set back: nothing is known of its age.
  return age >= 0 && age <= seconds * 1000;
}
