import type { UserId } from "../base/user.js";
import { type GeneratedBackupCodes, generateBackupCodes } from "./backup-codes.js";
import { type Core, reportAccepted, reportMissed } from "./core.js";
import { unlessCrowded } from "./crowd.js";
import { confirm as confirmState, verify as verifyState } from "./machine.js";
import type { ConfirmOutcome, VerifyOutcome } from "./outcomes.js";
import { createPresenter } from "./present.js";
import { busy } from "./transition.js";

export async function confirm(core: Core, userId: UserId, code: string): Promise<ConfirmOutcome> {
  const { count, cost } = core.config.backupCodes;
  let drawn: GeneratedBackupCodes | undefined;
  const result = await core.update(userId, async (state, context) => {
    const tried = confirmState(state, code, undefined, context);
    if (!tried.outcome.ok || !state.pending) return tried;
    // Drawn for a right code only: their hashes are the dearest thing here.
    drawn ??= await unlessCrowded(state.pending.secret, () => generateBackupCodes(count, cost));
    if (!drawn) return busy(state);
    return confirmState(state, code, drawn.set, context);
  });
  if (!result.ok) {
    return result.reason === "wrong_code" ? reportMissed(core, userId, "confirm", result) : result;
  }
  const { match } = result;
  core.emit(userId, { type: "enabled", offset: match.method === "totp" ? match.offset : 0 });
  return { ok: true, backupCodes: drawn?.codes ?? [] };
}

export async function verify(core: Core, userId: UserId, code: string): Promise<VerifyOutcome> {
  const present = createPresenter(code);
  const result = await core.update(userId, async (state, context) => {
    const presented = await present(state, context.now);
    return presented === "busy" ? busy(state) : verifyState(state, presented, context);
  });
  if (result.ok) {
    reportAccepted(core, userId, "verify", result);
    const { match, backupCodesRemaining } = result;
    return { ok: true, method: match.method, backupCodesRemaining };
  }
  return result.reason === "wrong_code" ? reportMissed(core, userId, "verify", result) : result;
}
