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
