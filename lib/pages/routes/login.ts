import { callWithin } from "../../base/call-within.js";
import { OF_LOGIN, refusalError } from "../../express/refusals.js";
import { hangUpSignal } from "../../http/hang-up.js";
import { contextOf } from "../../http/options.js";
import type { WaitingLogin } from "../../service/login-outcomes.js";
import { finishLogin } from "../finish-login.js";
import { readForm } from "../form.js";
import { loginUser } from "../login-user.js";
import { type PageContext, redirect, sendPage } from "../page.js";
import { rememberedSetup } from "../setup-cookie.js";
import { beginShowing, resume, showSetup } from "../show-setup.js";
import { loginView } from "../views/login.js";
import type { Problem } from "../views/problem.js";
import { beginSetupView } from "../views/setup.js";

/** Shows the second step of a login, or the setup that it requires. */
export async function getLogin(context: PageContext): Promise<void> {
  const { texts, base } = context;
  const { login } = await waitingLogin(context);
  if (login.mustEnroll) return showBeginning(context);
  await sendPage(context, 200, texts.loginTitle, loginView({ texts, base }));
}

/** Begins a setup for a login that requires one, and for no other login. */
export async function postLoginSetup(context: PageContext): Promise<void> {
  const { config, req, res, base } = context;
  const { login } = await waitingLogin(context);
  if (!login.mustEnroll) return redirect(context, `${base}/login`);
  const place = { action: `${base}/login` };
  const user = await loginUser(context, login.userId);
  const resumed = await resume(context, user, rememberedSetup(context));
  if (resumed) return showSetup(context, resumed, place);
  const options = { context: contextOf(config, req), signal: hangUpSignal(res) };
  const outcome = await config.totp.beginSetup(user, options);
  if (!outcome.ok) throw refusalError(outcome);
  await beginShowing(context, outcome, place);
}

export async function postLogin(context: PageContext): Promise<void> {
  const { config, req, texts, base } = context;
  const { sessionId, login } = await waitingLogin(context);
  const { code = "", key, trust_device: trust } = await readForm(context);
  const options = { context: contextOf(config, req) };
  const outcome = await config.totp.completeLogin(sessionId, code, options);
  if (outcome.ok) {
    return finishLogin(context, outcome, trust !== undefined);
  }
  const { status } = refusalError(outcome, OF_LOGIN);
  if (login.mustEnroll) {
    const resumed = await resume(context, await loginUser(context, login.userId), key);
    if (!resumed) return showBeginning(context, outcome, status);
    return showSetup(context, resumed, { action: `${base}/login` }, outcome, status);
  }
  const view = loginView({ texts, base, problem: outcome, trust: trust !== undefined });
  await sendPage(context, status, texts.loginTitle, view);
}

async function showBeginning(context: PageContext, problem?: Problem, status = 200): Promise<void> {
  const { texts, base } = context;
  const action = `${base}/login/setup`;
  const view = beginSetupView({
    texts,
    action,
    problem,
    needsCode: false,
    intro: texts.mustEnroll,
  });
  await sendPage(context, status, texts.setUpTitle, view);
}

/** Finds the waiting login of the app's session. Throws a 401 if there is none. */
async function waitingLogin({
  config,
  req,
}: PageContext): Promise<{ sessionId: string; login: WaitingLogin }> {
  const { totp, getLoginSession, timeoutMs } = config;
  const sessionId: unknown = await callWithin("getLoginSession", timeoutMs, () =>
    getLoginSession?.(req),
  );
  const login = typeof sessionId === "string" ? await totp.findLogin(sessionId) : undefined;
  if (!login) throw refusalError({ ok: false, reason: "unknown_session" }, OF_LOGIN);
  return { sessionId: String(sessionId), login };
}
