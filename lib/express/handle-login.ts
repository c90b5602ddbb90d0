import type { Request } from "express";
import { callWithin } from "../base/call-within.js";
import type { TotpUser, UserId } from "../base/user.js";
import { rejectCrossSite } from "../http/cross-site.js";
import { acceptUser, isNobody } from "../http/identify.js";
import { readJsonBody, readOptional, readText } from "../http/json-body.js";
import { sendJson } from "../http/json-response.js";
import { contextOf } from "../http/options.js";
import type { CodeMethod } from "../service/events.js";
import { type CodeGiven, finishWithTokens } from "./after-code.js";
import type { RouteHandler } from "./handlers.js";
import { OF_LOGIN, refusalError } from "./refusals.js";
import type { RouterConfig } from "./router-options.js";
import { setDeviceCookie, trustThisDevice } from "./trust-device.js";

/** Handles the second step of a login. */
export const handleLogin: RouteHandler = async (config, req, res) => {
  // Only with these options does it change cookies or sessions, which a browser sends automatically.
  if (config.deviceCookie || config.freshness) rejectCrossSite(req, config.trustedOrigins);
  const body = await readJsonBody(req, res, config.timeoutMs);
  const sessionId = readText(body, "session_id");
  const code = readText(body, "code");
  const trust = readOptional(body, "trust_device", "boolean") ?? false;
  const label = readOptional(body, "device_label", "string");
  const { backupCodes, ...given } = await complete(config, sessionId, code, req);
  const issued: CodeGiven = { ...given, purpose: "login" };
  const tokens = await finishWithTokens(config, issued, req, res, backupCodes !== undefined);
  const device = trust ? await trustThisDevice(config, given.userId, label, req) : undefined;
  if (device && config.deviceCookie) setDeviceCookie(res, device);
  sendJson(res, 200, {
    ...tokens,
    ...(backupCodes && { backup_codes: backupCodes }),
    ...(device && !config.deviceCookie && { device_token: device.token }),
    ...(device && { device_expires_at: device.expiresAt.toISOString() }),
  });
};

interface Completed {
  userId: UserId;
  user?: TotpUser;
  method: CodeMethod;
  backupCodes?: string[];
}

/** Completes a login that `totp.beginLogin` began, or one of the app's own login sessions. */
async function complete(
  config: RouterConfig,
  sessionId: string,
  code: string,
  req: Request,
): Promise<Completed> {
  const { totp, resolveLoginSession, timeoutMs } = config;
  const options = { context: contextOf(config, req) };
  if (!resolveLoginSession) {
    const outcome = await totp.completeLogin(sessionId, code, options);
    if (!outcome.ok) throw refusalError(outcome, OF_LOGIN);
    const { userId, method, backupCodes } = outcome;
    return { userId, method, ...(backupCodes && { backupCodes }) };
  }
  const found = await callWithin("resolveLoginSession", timeoutMs, () =>
    resolveLoginSession(sessionId, req),
  );
  if (isNobody(found)) throw refusalError({ ok: false, reason: "unknown_session" }, OF_LOGIN);
  const { user, userId } = acceptUser("resolveLoginSession", found);
  const outcome = await totp.verify(userId, code, options);
  if (!outcome.ok) throw refusalError(outcome, OF_LOGIN);
  return { user, userId, method: outcome.method };
}
