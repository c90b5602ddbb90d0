import type { Request, Response } from "express";
import createHttpError from "http-errors";
import { hangUpSignal } from "../http/hang-up.js";
import { readJsonBody, readText } from "../http/json-body.js";
import { sendJson, sendNoContent } from "../http/json-response.js";
import { contextOf } from "../http/options.js";
import { type ProofOptions, TRUSTED } from "../service/proof.js";
import { type CodeGiven, finishWithTokens, rememberInSession } from "./after-code.js";
import { isAuthorized } from "./authorize-setup.js";
import { identifyFor } from "./identify-for.js";
import { isMandatory } from "./must-enroll.js";
import { CODE_HEADER, OF_STEP_UP, refusalError } from "./refusals.js";
import type { RouterConfig } from "./router-options.js";
import { sendSetup } from "./send-setup.js";

/** Handles one route. */
export type RouteHandler = (config: RouterConfig, req: Request, res: Response) => Promise<void>;

export const handleSetup: RouteHandler = async (config, req, res) => {
  const { user } = await identifyFor(config, req);
  const outcome = await config.totp.beginSetup(user, {
    ...proofOf(config, req),
    signal: hangUpSignal(res),
    isAuthorized: await isAuthorized(config, user, req),
  });
  if (!outcome.ok) throw refusalError(outcome, OF_STEP_UP);
  sendSetup(res, outcome, config);
};

export const handleConfirm: RouteHandler = async (config, req, res) => {
  const { user, userId } = await identifyFor(config, req);
  const code = readText(await readJsonBody(req, res, config.timeoutMs), "code");
  const outcome = await config.totp.confirm(userId, code, { context: contextOf(config, req) });
  if (!outcome.ok) throw refusalError(outcome);
  const given: CodeGiven = { userId, user, purpose: "setup", method: "totp" };
  const tokens = await finishWithTokens(config, given, req, res, true);
  sendJson(res, 200, { ...tokens, backup_codes: outcome.backupCodes });
};

export const handleStatus: RouteHandler = async (config, req, res) => {
  const { userId } = await identifyFor(config, req);
  const { isEnabled, createdAt, backupCodesRemaining } = await config.totp.status(userId);
  sendJson(res, 200, {
    is_setup: isEnabled,
    ...(createdAt && { created_at: createdAt.toISOString() }),
    backup_codes_remaining: backupCodesRemaining,
  });
};

export const handleDelete: RouteHandler = async (config, req, res) => {
  const { user, userId } = await identifyFor(config, req);
  if (await isMandatory(config, user, req)) {
    throw createHttpError(403, "TOTP is mandatory for this user", { reason: "not_authorized" });
  }
  const outcome = await config.totp.disable(userId, proofOf(config, req));
  if (!outcome.ok) throw refusalError(outcome, OF_STEP_UP);
  sendJson(res, 200, { message: "TOTP is off" });
};

export const handleRegenerate: RouteHandler = async (config, req, res) => {
  const { userId } = await identifyFor(config, req);
  const outcome = await config.totp.regenerateBackupCodes(userId, proofOf(config, req));
  if (!outcome.ok) throw refusalError(outcome, OF_STEP_UP);
  sendJson(res, 200, { backup_codes: outcome.backupCodes });
};

export const handleStepUp: RouteHandler = async (config, req, res) => {
  const { userId } = await identifyFor(config, req);
  const code = readText(await readJsonBody(req, res, config.timeoutMs), "code");
  const outcome = await config.totp.verify(userId, code, { context: contextOf(config, req) });
  if (!outcome.ok) throw refusalError(outcome);
  await rememberInSession(config, req, userId);
  sendNoContent(res);
};

export const handleDevices: RouteHandler = async (config, req, res) => {
  const { userId } = await identifyFor(config, req);
  const devices = await config.totp.listDevices(userId);
  sendJson(res, 200, {
    devices: devices.map(({ id, label, createdAt, expiresAt }) => ({
      id,
      ...(label !== undefined && { label }),
      created_at: createdAt.toISOString(),
      expires_at: expiresAt.toISOString(),
    })),
  });
};

export const handleRevokeDevice: RouteHandler = async (config, req, res) => {
  const { userId } = await identifyFor(config, req);
  const context = contextOf(config, req);
  const outcome = await config.totp.revokeDevice(userId, String(req.params.id), { context });
  if (!outcome.ok) throw refusalError(outcome);
  sendNoContent(res);
};

/** Returns the fresh code of a request, or `TRUSTED` if the app verifies the user by other means. */
function proofOf(config: RouterConfig, req: Request): ProofOptions {
  const proof = config.stepUp === "required" ? { code: req.get(CODE_HEADER) } : TRUSTED;
  return { proof, context: contextOf(config, req) };
}
