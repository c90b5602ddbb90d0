import type { Request, Response } from "express";
import createHttpError from "http-errors";
import { callWithin } from "../base/call-within.js";
import { describeKind } from "../base/describe.js";
import { TotpCallbackError } from "../base/errors.js";
import type { TotpUser, UserId } from "../base/user.js";
import { acceptUser, identify } from "../http/identify.js";
import { readJsonBody, readText } from "../http/json-body.js";
import { sendJson, sendNoContent } from "../http/json-response.js";
import type { StepUp } from "../service/step-up.js";
import { CODE_HEADER, OF_LOGIN, OF_STEP_UP, refusalError } from "./refusals.js";
import type { RouterConfig } from "./router-config.js";
import type { TokenRequest, TokenResponse } from "./router-options.js";

/** Answers one route. */
export type RouteHandler = (config: RouterConfig, req: Request, res: Response) => Promise<void>;

export const handleConfirm: RouteHandler = async (config, req, res) => {
  const { user, userId } = await identify(req, config);
  const code = readText(await readJsonBody(req, res), "code");
  const outcome = await config.totp.confirm(userId, code);
  if (!outcome.ok) throw refusalError(outcome);
  const tokens = await issueTokens(config, { user, userId, purpose: "setup", method: "totp", req });
  sendJson(res, 200, { ...tokens, backup_codes: outcome.backupCodes });
};

export const handleStatus: RouteHandler = async (config, req, res) => {
  const { userId } = await identify(req, config);
  const { isEnabled, createdAt, backupCodesRemaining } = await config.totp.status(userId);
  sendJson(res, 200, {
    is_setup: isEnabled,
    ...(createdAt && { created_at: createdAt.toISOString() }),
    backup_codes_remaining: backupCodesRemaining,
  });
};

export const handleDelete: RouteHandler = async (config, req, res) => {
  const { userId } = await identify(req, config);
  const outcome = await config.totp.disable(userId, readStepUp(config, req));
  if (!outcome.ok) throw refusalError(outcome, OF_STEP_UP);
  sendNoContent(res);
};

export const handleRegenerate: RouteHandler = async (config, req, res) => {
  const { userId } = await identify(req, config);
  const outcome = await config.totp.regenerateBackupCodes(userId, readStepUp(config, req));
  if (!outcome.ok) throw refusalError(outcome, OF_STEP_UP);
  sendJson(res, 200, { backup_codes: outcome.backupCodes });
};

export const handleLogin: RouteHandler = async (config, req, res) => {
  const body = await readJsonBody(req, res);
  const sessionId = readText(body, "session_id");
  const code = readText(body, "code");
  const { user, userId } = await resolveSession(config, sessionId, req);
  const outcome = await config.totp.verify(userId, code);
  if (!outcome.ok) throw refusalError(outcome, OF_LOGIN);
  const { method } = outcome;
  sendJson(res, 200, await issueTokens(config, { user, userId, purpose: "login", method, req }));
};

/** The fresh code of a request, where one is asked for. */
export function readStepUp({ stepUp }: RouterConfig, req: Request): StepUp | undefined {
  return stepUp === "required" ? { code: req.get(CODE_HEADER) } : undefined;
}

async function resolveSession(
  { resolveLoginSession, timeoutMs }: RouterConfig,
  sessionId: string,
  req: Request,
): Promise<{ user: TotpUser; userId: UserId }> {
  const user = await callWithin("resolveLoginSession", timeoutMs, () =>
    resolveLoginSession?.(sessionId, req),
  );
  if (user === undefined || user === null || user === false) {
    throw createHttpError(401, "The session is unknown or has expired");
  }
  return acceptUser("resolveLoginSession", user);
}

async function issueTokens(
  { issueTokens: issue, timeoutMs }: RouterConfig,
  request: TokenRequest,
): Promise<TokenResponse> {
  const tokens: unknown = await callWithin("issueTokens", timeoutMs, () => issue?.(request));
  if (tokens === undefined || tokens === null) return {};
  if (typeof tokens === "object" && !Array.isArray(tokens)) return tokens as TokenResponse;
  throw new TotpCallbackError("issueTokens", {
    expected: "an object of the answer's fields, or nothing",
    got: describeKind(tokens),
  });
}
