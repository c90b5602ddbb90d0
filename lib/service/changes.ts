import type { UserId } from "../base/user.js";
import { type GeneratedBackupCodes, generateBackupCodes } from "./backup-codes.js";
import { type Core, reportBackupCodes } from "./core.js";
import { unlessCrowded } from "./crowd.js";
import { disable as disableState, replaceBackupCodes, unlock as unlockState } from "./machine.js";
import type { Busy, DisableOutcome, RegenerateOutcome, TotpStatus } from "./outcomes.js";
import { changeWithStepUp, type StepUp } from "./step-up.js";
import { busy } from "./transition.js";

export async function status(core: Core, userId: UserId): Promise<TotpStatus> {
  const { active, backupCodes, attempts } = await core.read(userId);
  const backupCodesRemaining = backupCodes?.hashes.length ?? 0;
  if (active) reportBackupCodes(core, userId, backupCodesRemaining);
  const isLocked = attempts !== undefined && attempts.lockedUntil > core.now();
  return {
    isEnabled: active !== undefined,
    ...(active && { createdAt: new Date(active.createdAt) }),
    ...(active?.verifiedAt && { verifiedAt: new Date(active.verifiedAt) }),
    backupCodesRemaining,
    ...(isLocked && { lockedUntil: new Date(attempts.lockedUntil) }),
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
  // A moment in the future means that a clock was set back: nothing is known of its age.
  return age >= 0 && age <= seconds * 1000;
}

export async function disable(
  core: Core,
  userId: UserId,
  stepUp: StepUp | undefined,
): Promise<DisableOutcome> {
  const outcome = await changeWithStepUp(core, userId, stepUp, disableState);
  if (outcome.ok && outcome.wasEnabled) core.emit(userId, { type: "disabled" });
  return outcome;
}

export async function regenerateBackupCodes(
  core: Core,
  userId: UserId,
  stepUp: StepUp | undefined,
): Promise<RegenerateOutcome> {
  const { count, cost } = core.config.backupCodes;
  let drawn: GeneratedBackupCodes | undefined;
  const outcome = await changeWithStepUp(core, userId, stepUp, async (state) => {
    if (!state.active) return replaceBackupCodes(state, undefined);
    drawn ??= await unlessCrowded(state.active.secret, () => generateBackupCodes(count, cost));
    return drawn ? replaceBackupCodes(state, drawn.set) : busy(state);
  });
  if (!outcome.ok) return outcome;
  core.emit(userId, { type: "backup_codes_regenerated" });
  return { ok: true, backupCodes: drawn?.codes ?? [] };
}

export async function unlock(core: Core, userId: UserId): Promise<{ ok: true } | Busy> {
  const outcome = await core.update(userId, async (state) => unlockState(state));
  if (!outcome.ok) return outcome;
  if (outcome.wasLocked) core.emit(userId, { type: "unlocked" });
  return { ok: true };
}

/** Writes the state again as it is, so that it is encrypted under the current key. */
export async function reencrypt(
  core: Core,
  userId: UserId,
): Promise<{ ok: true; changed: boolean } | Busy> {
  return core.update(userId, async (state, _, isCurrent) => ({
    state: isCurrent ? state : { ...state },
    outcome: { ok: true, changed: !isCurrent },
  }));
}
