import type { Request, Response } from "express";
import { callWithin } from "../base/call-within.js";
import type { TotpUser, UserId } from "../base/user.js";
import { rejectCrossSite } from "../http/cross-site.js";
import { acceptUser, isNobody } from "../http/identify.js";
import { readJsonBody, readOptional, readText } from "../http/json-body.js";
import { sendJson } from "../http/json-response.js";
import { contextOf } from "../http/options.js";
import { createReport } from "../http/respond.js";
import type { CodeMethod } from "../service/events.js";
import { finishWithTokens } from "./after-code.js";
import type { RouteHandler } from "./handlers.js";
import { OF_LOGIN, refusalError } from "./refusals.js";
import type { RouterConfig } from "./router-options.js";

/** The prefix makes browsers take it from this host alone, over HTTPS, for all paths. */
export const DEVICE_COOKIE = "__Host-totp-device";

/** The second step of a login. */
export const handleLogin: RouteHandler = async (config, req, res) => {
  // Only then does it change anything that a browser sends by itself.
  if (config.deviceCookie || config.freshness) rejectCrossSite(req, config.trustedOrigins);
  const body = await readJsonBody(req, res, config.timeoutMs);
  const sessionId = readText(body, "session_id");
  const code = readText(body, "code");
  const trust = readOptional(body, "trust_device", "boolean") ?? false;
  const label = readOptional(body, "device_label", "string");
  const { backupCodes, ...given } = await complete(config, sessionId, code, req);
  const tokens = await finishWithTokens(config, { ...given, purpose: "login" }, req, res);
  const device = trust && (await trustDevice(config, given.userId, label, req, res));
  sendJson(res, 200, { ...tokens, ...(backupCodes && { backup_codes: backupCodes }), ...device });
};

interface Completed {
  userId: UserId;
  user?: TotpUser;
  method: CodeMethod;
  backupCodes?: string[];
}

/** By the sessions of `totp.beginLogin`, or by the app's own. */
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

/** The login is complete: if this fails, the device is not trusted, and the user gets in all the same. */
async function trustDevice(
  config: RouterConfig,
  userId: UserId,
  label: string | undefined,
  req: Request,
  res: Response,
): Promise<object> {
  try {
    const context = contextOf(config, req);
    const outcome = await config.totp.trustDevice(userId, { label, context });
    if (!outcome.ok) return {};
    const { token, expiresAt } = outcome;
    const device_expires_at = expiresAt.toISOString();
    if (!config.deviceCookie) return { device_token: token, device_expires_at };
    const attributes = "Path=/; HttpOnly; Secure; SameSite=Lax";
    const cookie = `${DEVICE_COOKIE}=${token}; Expires=${expiresAt.toUTCString()}; ${attributes}`;
    res.append("Set-Cookie", cookie);
    return { device_expires_at };
  } catch (error) {
    createReport(config.onError)(error, req);
    return {};
  }
}
