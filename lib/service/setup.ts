import { types } from "node:util";
import { invalid } from "../base/checks.js";
import { idOf, isUserId, type TotpUser, USER_ID_EXPECTATION, type UserId } from "../base/user.js";
import { nameAccount } from "../enrollment/account.js";
import { generatePendingSecret, type PendingSecret, saveAndRender } from "../enrollment/pending.js";
import { resolveParameters } from "../otp/parameters.js";
import { decodeSecret } from "../otp/secret.js";
import type { Core } from "./core.js";
import { savePending as savePendingState } from "./machine.js";
import type { BeginSetupOutcome, SavePendingOutcome } from "./outcomes.js";
import type { PendingEnrollment } from "./state.js";
import { changeWithStepUp, type StepUp } from "./step-up.js";

export async function beginSetup(
  core: Core,
  user: TotpUser,
  stepUp: StepUp | undefined,
): Promise<BeginSetupOutcome> {
  const { config } = core;
  const userId = idOf(user);
  if (!isUserId(userId))
    return invalid("user", `${USER_ID_EXPECTATION}, or an object with such an id`, userId);
  const { issuer } = config;
  const naming = typeof issuer === "function" ? () => issuer(user) : issuer;
  const account = await nameAccount({ ...config, issuer: naming }, user, userId);
  const pending = generatePendingSecret(config, account);
  const { saved, qrCodeUrl } = await saveAndRender(config, pending, () =>
    savePending(core, userId, pending, stepUp),
  );
  if (!saved.ok) return saved;
  const { otpauthUri, expiresAt } = pending.details;
  return { ok: true, secret: pending.secret, otpauthUri, qrCodeUrl, expiresAt };
}

export async function savePending(
  core: Core,
  userId: UserId,
  pending: PendingSecret,
  stepUp: StepUp | undefined,
): Promise<SavePendingOutcome> {
  const enrollment = toEnrollment(pending);
  const outcome = await changeWithStepUp(core, userId, stepUp, (state) =>
    savePendingState(state, enrollment),
  );
  if (outcome.ok) {
    core.emit(userId, { type: "setup_started", expiresAt: new Date(enrollment.expiresAt) });
  }
  return outcome;
}

/** Checked, because what could not be read again must not be written. */
function toEnrollment({ secret, details }: PendingSecret): PendingEnrollment {
  decodeSecret(secret);
  const expiresAt: unknown = details.expiresAt;
  if (!types.isDate(expiresAt) || !(expiresAt.getTime() >= 0)) {
    return invalid("details.expiresAt", "a Date", expiresAt);
  }
  return { secret, ...resolveParameters(details), expiresAt: expiresAt.getTime() };
}
