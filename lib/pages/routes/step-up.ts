import { rememberInSession } from "../../express/after-code.js";
import { identifyFor } from "../../express/identify-for.js";
import { refusalError } from "../../express/refusals.js";
import { contextOf } from "../../http/options.js";
import { readForm } from "../form.js";
import { type PageContext, redirect, sendPage } from "../page.js";
import { readTarget } from "../target.js";
import { stepUpView } from "../views/login.js";

export async function getStepUp(context: PageContext): Promise<void> {
  const { config, req, texts, base } = context;
  await identifyFor(config, req);
  const to = readTarget(req.query.to);
  await sendPage(context, 200, texts.stepUpTitle, stepUpView({ texts, base, to }));
}

export async function postStepUp(context: PageContext): Promise<void> {
  const { config, req, texts, base, home } = context;
  const { userId } = await identifyFor(config, req);
  const { code = "", to: given } = await readForm(context);
  const to = readTarget(given);
  const outcome = await config.totp.verify(userId, code, { context: contextOf(config, req) });
  if (outcome.ok) {
    await rememberInSession(config, req, userId);
    return redirect(context, to ?? home);
  }
  const view = stepUpView({ texts, base, problem: outcome, to });
  await sendPage(context, refusalError(outcome).status, texts.stepUpTitle, view);
}
