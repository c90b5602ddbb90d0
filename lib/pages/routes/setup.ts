import type { TotpUser, UserId } from "../../base/user.js";
import { isAuthorized } from "../../express/authorize-setup.js";
import { identifyFor } from "../../express/identify-for.js";
import { OF_STEP_UP, refusalError } from "../../express/refusals.js";
import { hangUpSignal } from "../../http/hang-up.js";
import { contextOf } from "../../http/options.js";
import { readForm } from "../form.js";
import { enabled } from "../hooks.js";
import { type PageContext, redirect, sendPage } from "../page.js";
import { forgetSetup, rememberedSetup } from "../setup-cookie.js";
import { beginShowing, resume, showSetup } from "../show-setup.js";
import { readTarget } from "../target.js";
import { codesView } from "../views/codes.js";
import type { Problem } from "../views/problem.js";
import { beginSetupView } from "../views/setup.js";

export async function getSetup(context: PageContext): Promise<void> {
  const { userId } = await identifyFor(context.config, context.req);
  await showBeginning(context, userId, readTarget(context.req.query.to));
}

/** Begins a setup, or shows the pending one that this browser has begun. */
export async function postSetup(context: PageContext): Promise<void> {
  const { config, req, res } = context;
  const { user, userId } = await identifyFor(config, req);
  const { code, to: given } = await readForm(context);
  const place = placeOf(context, user, given);
  const authorized = await isAuthorized(config, user, req);
  // Before anything is shown, because somebody could have set the cookie.
  const mayResume = authorized || (await config.totp.status(userId)).isEnabled;
  const resumed = mayResume && (await resume(context, user, rememberedSetup(context)));
  if (resumed) return showSetup(context, resumed, place);
  const outcome = await config.totp.beginSetup(user, {
    proof: { code },
    context: contextOf(config, req),
    signal: hangUpSignal(res),
    isAuthorized: authorized,
  });
  if (outcome.ok) return beginShowing(context, outcome, place);
  if (outcome.reason === "not_authorized") throw refusalError(outcome, OF_STEP_UP);
  await showBeginning(context, userId, place.to, outcome, refusalError(outcome, OF_STEP_UP).status);
}

/** Confirms the setup. Shows an error together with the same QR code. */
export async function postConfirm(context: PageContext): Promise<void> {
  const { config, req, texts, home } = context;
  const { user, userId } = await identifyFor(config, req);
  const { key, code = "", to: given } = await readForm(context);
  const place = placeOf(context, user, given);
  const next = place.to ?? home;
  const outcome = await config.totp.confirm(userId, code, { context: contextOf(config, req) });
  if (outcome.ok) {
    forgetSetup(context);
    await enabled(context, userId);
    const { backupCodes: codes } = outcome;
    if (codes.length === 0) return redirect(context, next);
    return sendPage(context, 200, texts.backupCodesTitle, codesView({ texts, codes, next }));
  }
  // The second of two clicks.
  if (outcome.reason === "already_enabled") return redirect(context, next);
  const { status } = refusalError(outcome);
  const resumed = await resume(context, user, key);
  if (resumed) return showSetup(context, resumed, place, outcome, status);
  await showBeginning(context, userId, place.to, outcome, status);
}

function placeOf({ base, home }: PageContext, user: TotpUser, to: string | undefined) {
  return { user, action: `${base}/setup/confirm`, to: readTarget(to), back: home };
}

async function showBeginning(
  context: PageContext,
  userId: UserId,
  to: string | undefined,
  problem?: Problem,
  status = 200,
): Promise<void> {
  const { texts, base, home, config } = context;
  const { isEnabled: needsCode } = await config.totp.status(userId);
  const action = `${base}/setup`;
  const view = beginSetupView({ texts, action, problem, needsCode, to, back: home });
  const title = needsCode ? texts.moveToAnotherPhone : texts.setUpTitle;
  await sendPage(context, status, title, view);
}
