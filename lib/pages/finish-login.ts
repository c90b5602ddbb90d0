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

/** Codes are accepted if a clock is off by one time step, so a small offset is harmless. */
const HARMLESS_OFFSET_SECONDS = 60;

/** Signs the user in after an accepted code, and redirects to the path that the app returns. */
export async function finishLogin(
  context: PageContext,
  { userId, method, backupCodes, clockOffsetSeconds = 0 }: Completed,
  trust: boolean,
): Promise<void> {
  const { config, req, res, texts } = context;
  const next = backupCodes
    ? await signInKeepingCodes(context, userId, method)
    : await signIn(context, userId, method);
  // Only now, because an app can refuse the user in `onLogin`.
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

/** Reports a failing `onLogin`, so that the backup codes are still shown: they cannot be read again. */
async function signInKeepingCodes(
  context: PageContext,
  userId: UserId,
  method: CodeMethod,
): Promise<string> {
  try {
    return await signIn(context, userId, method);
  } catch (error) {
    createReport(context.config.onError)(error, context.req);
    return context.home;
  }
}

/** The user is signed in at this point, so a path that leads out of the app is reported, and the login stands. */
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
  const expected = "the path of the next page, beginning with one slash";
  const error = new TotpCallbackError("onLogin", { expected, got: describeKind(given) });
  createReport(config.onError)(error, req);
  return "/";
}
