import type { TotpUser, UserId } from "../../base/user.js";
import { isAuthorized } from "../../express/authorize-setup.js";
import { identifyFor } from "../../express/identify-for.js";
import { OF_STEP_UP, refusalError } from "../../express/refusals.js";
import { hangUpSignal } from "../../http/hang-up.js";
import { contextOf } from "../../http/options.js";
import type { Setup } from "../../service/outcomes.js";
import { readForm } from "../form.js";
import { enabled } from "../hooks.js";
import { type PageContext, redirect, sendPage } from "../page.js";
import { forgetSetup, rememberedSetup, rememberSetup } from "../setup-cookie.js";
import { codesView } from "../views/codes.js";
import type { Problem } from "../views/parts.js";
import { beginSetupView, setupView } from "../views/setup.js";

export async function getSetup(context: PageContext): Promise<void> {
  const { userId } = await identifyFor(context.config, context.req);
  await showBeginning(context, userId, 200);
}

/** Begins a setup, or shows the one again that this browser has begun. */
export async function postSetup(context: PageContext): Promise<void> {
  const { config, req, res } = context;
  const { user, userId } = await identifyFor(config, req);
  const { code } = await readForm(context);
  const resumed = await resume(context, user, rememberedSetup(context));
  if (resumed) return showSetup(context, resumed, 200);
  const outcome = await config.totp.beginSetup(user, {
    proof: { code },
    context: contextOf(config, req),
    signal: hangUpSignal(res),
    isAuthorized: await isAuthorized(config, user, req),
  });
  if (outcome.ok) return beginShowing(context, outcome);
  if (outcome.reason === "not_authorized") throw refusalError(outcome, OF_STEP_UP);
  await showBeginning(context, userId, refusalError(outcome, OF_STEP_UP).status, outcome);
}

/** Confirms the setup; what is wrong is said beside the same QR code. */
export async function postConfirm(context: PageContext): Promise<void> {
  const { config, req, texts, base } = context;
  const { user, userId } = await identifyFor(config, req);
  const { key, code = "" } = await readForm(context);
  const outcome = await config.totp.confirm(userId, code, { context: contextOf(config, req) });
  if (outcome.ok) {
    forgetSetup(context);
    await enabled(context, userId);
    const { backupCodes: codes } = outcome;
    if (codes.length === 0) return redirect(context, base || "/");
    return sendPage(context, 200, texts.backupCodesTitle, codesView({ texts, codes, next: base }));
  }
  // The second of two clicks.
  if (outcome.reason === "already_enabled") return redirect(context, base || "/");
  const { status } = refusalError(outcome);
  const resumed = await resume(context, user, key);
  if (resumed) return showSetup(context, resumed, status, outcome);
  await showBeginning(context, userId, status, outcome);
}

/** A pending secret of this user that the browser still knows. */
export async function resume(
  { config }: PageContext,
  user: TotpUser,
  key: string | undefined,
): Promise<Setup | undefined> {
  if (!key) return undefined;
  const resumed = await config.totp.resumeSetup(user, key);
  return resumed.ok ? resumed : undefined;
}

export async function beginShowing(context: PageContext, setup: Setup, action?: string) {
  rememberSetup(context, setup.secret, setup.expiresAt);
  await showSetup(context, setup, 200, undefined, action);
}

export async function showSetup(
  context: PageContext,
  setup: Setup,
  status: number,
  problem?: Problem,
  action = `${context.base}/setup/confirm`,
): Promise<void> {
  const { texts, base } = context;
  const view = setupView({ texts, base, action, problem, setup });
  await sendPage(context, status, texts.setUpTitle, view);
}

async function showBeginning(
  context: PageContext,
  userId: UserId,
  status: number,
  problem?: Problem,
): Promise<void> {
  const { texts, base, config } = context;
  const { isEnabled: needsCode } = await config.totp.status(userId);
  const view = beginSetupView({ texts, base, action: `${base}/setup`, problem, needsCode });
  await sendPage(context, status, texts.setUpTitle, view);
}
