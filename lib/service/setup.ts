import { invalid } from "../base/checks.js";
import { idOf, isUserId, type TotpUser, USER_ID_EXPECTATION, type UserId } from "../base/user.js";
import { nameAccount } from "../enrolment/account.js";
import { drawPendingSecret, type PendingSecret, saveAndDraw } from "../enrolment/pending.js";
import type { Core } from "./core.js";
import { savePending as savePendingState } from "./machine.js";
import type { BeginSetupOutcome, SavePendingOutcome } from "./outcomes.js";
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
  const pending = drawPendingSecret(config, account);
  const { saved, qrCodeUrl } = await saveAndDraw(config, pending, () =>
    savePending(core, userId, pending, stepUp),
  );
  if (!saved.ok) return saved;
  const { otpauthUri, expiresAt } = pending.details;
  return { ok: true, secret: pending.secret, otpauthUri, qrCodeUrl, expiresAt };
}

export async function savePending(
  core: Core,
  userId: UserId,
  { secret, details }: PendingSecret,
  stepUp: StepUp | undefined,
): Promise<SavePendingOutcome> {
  const { algorithm, digits, period, expiresAt } = details;
  const enrolment = { secret, algorithm, digits, period, expiresAt: expiresAt.getTime() };
  const outcome = await changeWithStepUp(core, userId, stepUp, (state) =>
    savePendingState(state, enrolment),
  );
  if (outcome.ok) core.emit(userId, { type: "setup_started", expiresAt });
  return outcome;
}
