import { callWithin } from "../../base/call-within.js";
import { describeKind } from "../../base/describe.js";
import { TotpCallbackError } from "../../base/errors.js";
import type { UserId } from "../../base/user.js";
import { rememberInSession } from "../../express/after-code.js";
import { OF_LOGIN, refusalError } from "../../express/refusals.js";
import { setDeviceCookie, trustThisDevice } from "../../express/trust-device.js";
import { hangUpSignal } from "../../http/hang-up.js";
import { contextOf } from "../../http/options.js";
import type { CodeMethod } from "../../service/events.js";
import type { WaitingLogin } from "../../service/login-outcomes.js";
import { labelOf } from "../device-label.js";
import { readForm } from "../form.js";
import { enabled, reporting } from "../hooks.js";
import { type PageContext, redirect, sendPage } from "../page.js";
import { forgetSetup, rememberedSetup } from "../setup-cookie.js";
import { codesView } from "../views/codes.js";
import { clockView, loginView } from "../views/login.js";
import { beginSetupView } from "../views/setup.js";
import { beginShowing, resume, showSetup } from "./setup.js";

/** The second step of a login, or the setup that stands before it. */
export async function getLogin(context: PageContext): Promise<void> {
  const { texts, base } = context;
  const { login } = await waitingLogin(context);
  if (!login.mustEnroll)
    return sendPage(context, 200, texts.loginTitle, loginView({ texts, base }));
  const action = `${base}/login/setup`;
  const intro = texts.mustEnroll;
  const view = beginSetupView({ texts, base, action, needsCode: false, intro });
  await sendPage(context, 200, texts.setUpTitle, view);
}

/** A session that began with `mustEnroll` admits to a setup, and to nothing else. */
export async function postLoginSetup(context: PageContext): Promise<void> {
  const { config, req, res, base } = context;
  const { login } = await waitingLogin(context);
  if (!login.mustEnroll) return redirect(context, `${base}/login`);
  const action = `${base}/login`;
  const resumed = await resume(context, login.userId, rememberedSetup(context));
  if (resumed) return showSetup(context, resumed, 200, undefined, action);
  const options = { context: contextOf(config, req), signal: hangUpSignal(res) };
  const outcome = await config.totp.beginSetup(login.userId, options);
  if (!outcome.ok) throw refusalError(outcome);
  await beginShowing(context, outcome, action);
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
  const resumed = login.mustEnroll && (await resume(context, login.userId, key));
  if (resumed) return showSetup(context, resumed, status, outcome, `${base}/login`);
  const view = loginView({ texts, base, problem: outcome });
  await sendPage(context, status, texts.loginTitle, view);
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
  if (trust) {
    const label = labelOf(req.headers["user-agent"]);
    const device = await trustThisDevice(config, userId, label, req);
    if (device) setDeviceCookie(res, device);
  }
  const next: unknown = await callWithin("onLogin", config.timeoutMs, () =>
    config.onLogin?.({ userId, method, req, res }),
  );
  if (typeof next !== "string") {
    const expected = "the path to go on to";
    throw new TotpCallbackError("onLogin", { expected, got: describeKind(next) });
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
