import { callWithin } from "../../base/call-within.js";
import { describeKind } from "../../base/describe.js";
import { TotpCallbackError } from "../../base/errors.js";
import type { UserId } from "../../base/user.js";
import { rememberInSession } from "../../express/after-code.js";
import { OF_LOGIN, refusalError } from "../../express/refusals.js";
import { setDeviceCookie, trustThisDevice } from "../../express/trust-device.js";
import { hangUpSignal } from "../../http/hang-up.js";
import { contextOf } from "../../http/options.js";
import { createReport } from "../../http/respond.js";
import type { CodeMethod } from "../../service/events.js";
import type { WaitingLogin } from "../../service/login-outcomes.js";
import { labelOf } from "../device-label.js";
import { readForm } from "../form.js";
import { enabled, reporting } from "../hooks.js";
import { loginUser } from "../login-user.js";
import { type PageContext, redirect, sendPage } from "../page.js";
import { forgetSetup, rememberedSetup } from "../setup-cookie.js";
import { beginShowing, resume, showSetup } from "../show-setup.js";
import { readTarget } from "../target.js";
import { codesView } from "../views/codes.js";
import { clockView, loginView } from "../views/login.js";
import type { Problem } from "../views/problem.js";
import { beginSetupView } from "../views/setup.js";

/** The second step of a login, or the setup that stands before it. */
export async function getLogin(context: PageContext): Promise<void> {
  const { texts, base } = context;
  const { login } = await waitingLogin(context);
  if (login.mustEnroll) return showBeginning(context);
  await sendPage(context, 200, texts.loginTitle, loginView({ texts, base }));
}

/** A session that began with `mustEnroll` admits to a setup, and to nothing else. */
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
    return finish(context, outcome, trust !== undefined);
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

interface Completed {
  userId: UserId;
  method: CodeMethod;
  backupCodes?: string[];
  clockOffsetSeconds?: number;
}

/** Codes are accepted one time step off, so a smaller offset does no harm. */
const HARMLESS_OFFSET_SECONDS = 60;

async function finish(
  context: PageContext,
  { userId, method, backupCodes, clockOffsetSeconds = 0 }: Completed,
  trust: boolean,
): Promise<void> {
  const { config, req, res, texts } = context;
  const next = backupCodes
    ? await signInKeepingCodes(context, userId, method)
    : await signIn(context, userId, method);
  // Only now: an app may refuse the user in `onLogin`.
  if (trust) {
    const label = labelOf(req.headers["user-agent"]);
    const device = await trustThisDevice(config, userId, label, req);
    if (device) setDeviceCookie(res, device);
  }
  if (!backupCodes) {
    await reporting(context, () => rememberInSession(config, req, userId));
    if (Math.abs(clockOffsetSeconds) <= HARMLESS_OFFSET_SECONDS) return redirect(context, next);
    const notice = clockView(texts, clockOffsetSeconds, next);
    return sendPage(context, 200, texts.loginTitle, notice);
  }
  forgetSetup(context);
  await enabled(context, userId);
  const view = codesView({ texts, codes: backupCodes, next });
  await sendPage(context, 200, texts.backupCodesTitle, view);
}

/** Backup codes are shown this once, so a failing `onLogin` must not cost them. */
async function signInKeepingCodes(
  context: PageContext,
  userId: UserId,
  method: CodeMethod,
): Promise<string> {
  try {
    return await signIn(context, userId, method);
  } catch (error) {
    createReport(context.config.onError)(error, context.req);
    return context.base || "/";
  }
}

/** The user is signed in then: a path that leads out of the app is reported, and costs nobody the login. */
async function signIn(
  { config, req, res }: PageContext,
  userId: UserId,
  method: CodeMethod,
): Promise<string> {
  const given: unknown = await callWithin("onLogin", config.timeoutMs, () =>
    config.onLogin?.({ userId, method, req, res }),
  );
  const next = readTarget(given);
  if (next !== undefined) return next;
  const expected = "the path to go on to, which begins with one slash";
  const error = new TotpCallbackError("onLogin", { expected, got: describeKind(given) });
  createReport(config.onError)(error, req);
  return "/";
}

/** The login that waits in the app's session. Throws a 401 if there is none. */
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
