import { callWithin } from "../base/call-within.js";
import { describeKind } from "../base/describe.js";
import { TotpCallbackError } from "../base/errors.js";
import type { UserId } from "../base/user.js";
import { rememberInSession } from "../express/after-code.js";
import { setDeviceCookie, trustThisDevice } from "../express/trust-device.js";
import { createReport } from "../http/respond.js";
import type { CodeMethod } from "../service/events.js";
import { labelOf } from "./device-label.js";
import { enabled, reporting } from "./hooks.js";
import { type PageContext, redirect, sendPage } from "./page.js";
import { forgetSetup } from "./setup-cookie.js";
import { readTarget } from "./target.js";
import { codesView } from "./views/codes.js";
import { clockView } from "./views/login.js";

interface Completed {
  userId: UserId;
  method: CodeMethod;
  backupCodes?: string[];
  clockOffsetSeconds?: number;
}

/** Codes are accepted one time step off, so a smaller offset does no harm. */
const HARMLESS_OFFSET_SECONDS = 60;

/** Signs the user in, once the code was accepted, and goes on to what the app names. */
export async function finishLogin(
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
