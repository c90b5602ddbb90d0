import { identifyFor } from "../../express/identify-for.js";
import { isMandatory } from "../../express/must-enroll.js";
import { OF_STEP_UP, refusalError } from "../../express/refusals.js";
import { contextOf } from "../../http/options.js";
import { readForm } from "../form.js";
import { callReporting } from "../hooks.js";
import { type PageContext, redirect, sendPage } from "../page.js";
import { codesView, newCodesView, turnOffView } from "../views/codes.js";
import { errorView } from "../views/error.js";

export async function getBackupCodes(context: PageContext): Promise<void> {
  const { config, req, texts, base, home } = context;
  await identifyFor(config, req);
  await sendPage(context, 200, texts.newBackupCodes, newCodesView({ texts, base, home }));
}

export async function postBackupCodes(context: PageContext): Promise<void> {
  const { config, req, texts, base, home } = context;
  const { userId } = await identifyFor(config, req);
  const { code } = await readForm(context);
  const options = { proof: { code }, context: contextOf(config, req) };
  const outcome = await config.totp.regenerateBackupCodes(userId, options);
  if (outcome.ok) {
    const view = codesView({ texts, codes: outcome.backupCodes, next: home });
    return sendPage(context, 200, texts.backupCodesTitle, view);
  }
  const { status } = refusalError(outcome, OF_STEP_UP);
  const view = newCodesView({ texts, base, home, problem: outcome });
  await sendPage(context, status, texts.newBackupCodes, view);
}

export async function getTurnOff(context: PageContext): Promise<void> {
  const { config, req, texts, base, home } = context;
  const { user } = await identifyFor(config, req);
  if (await isMandatory(config, user, req)) return refuseTurnOff(context);
  await sendPage(context, 200, texts.turnOff, turnOffView({ texts, base, home }));
}

export async function postTurnOff(context: PageContext): Promise<void> {
  const { config, req, res, texts, base, home } = context;
  const { user, userId } = await identifyFor(config, req);
  if (await isMandatory(config, user, req)) return refuseTurnOff(context);
  const { code } = await readForm(context);
  const options = { proof: { code }, context: contextOf(config, req) };
  const outcome = await config.totp.disable(userId, options);
  if (outcome.ok) {
    if (outcome.wasEnabled) {
      await callReporting(context, "onDisabled", () => config.onDisabled?.({ userId, req, res }));
    }
    return redirect(context, home);
  }
  const { status } = refusalError(outcome, OF_STEP_UP);
  const view = turnOffView({ texts, base, home, problem: outcome });
  await sendPage(context, status, texts.turnOff, view);
}

function refuseTurnOff(context: PageContext): Promise<void> {
  const { texts, home } = context;
  const view = errorView({ texts, text: texts.mandatory, signInPath: undefined, back: home });
  return sendPage(context, 403, texts.turnOff, view);
}
