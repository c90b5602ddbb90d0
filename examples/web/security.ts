import { type Request, type RequestHandler, type Response, Router } from "express";
import type { CodeProof, TotpService } from "express-totp-setup";
import { type Change, changes } from "./changes.js";
import { demo, setupCommand } from "./demo-account.js";
import type { CodeKind, Problem } from "./messages.js";
import { codeKindOf, lockOf, problemOf, renderProblem } from "./step-forms.js";
import { fieldOf, requireSignedIn, userOf } from "./visitor.js";

/** The security page, and the changes that need a fresh code. */
export function securityRoutes({ totp }: { totp: TotpService }): Router {
  const router = Router();
  router.use("/security", requireSignedIn);
  router.get("/security", showStatus(totp));
  for (const change of Object.values(changes)) router.get(change.path, askForCode(totp, change));
  router.post(changes.backupCodes.path, replaceBackupCodes(totp));
  router.post(changes.turnOff.path, turnOff(totp));
  return router;
}

function showStatus(totp: TotpService): RequestHandler {
  return async (req, res) => {
    const user = userOf(res);
    const isDemo = user.email === demo.email;
    const { backupCodes } = totp.config;
    res.render("security", {
      status: await totp.status(user.id),
      devices: await totp.listDevices(user.id),
      backupCodeCount: backupCodes ? backupCodes.count : 0,
      api: isDemo && {
        key: demo.apiKey,
        command: setupCommand(`${req.protocol}://${req.get("Host")}`),
      },
    });
  };
}

function askForCode(totp: TotpService, change: Change): RequestHandler {
  return async (req, res) => {
    const status = await totp.status(userOf(res).id);
    if (!status.isEnabled) return res.redirect(303, "/security");
    return renderChange(res, change, codeKindOf(req), lockOf(status));
  };
}

function replaceBackupCodes(totp: TotpService): RequestHandler {
  return async (req, res) => {
    const { id } = userOf(res);
    const kind = codeKindOf(req);
    const outcome = await totp.regenerateBackupCodes(id, { proof: codeProofOf(req) });
    if (outcome.ok) {
      return res.render("backup-codes", { codes: outcome.backupCodes, isFirst: false });
    }
    const problem = await problemOf(totp, id, outcome, kind);
    return renderChange(res, changes.backupCodes, kind, problem);
  };
}

function turnOff(totp: TotpService): RequestHandler {
  return async (req, res) => {
    const { id } = userOf(res);
    const kind = codeKindOf(req);
    const outcome = await totp.disable(id, { proof: codeProofOf(req) });
    if (outcome.ok) {
      req.session.notice = { kind: "good", text: "Two-factor authentication is off." };
      return res.redirect(303, "/security");
    }
    const problem = await problemOf(totp, id, outcome, kind);
    return renderChange(res, changes.turnOff, kind, problem);
  };
}

function codeProofOf(req: Request): CodeProof {
  return { code: fieldOf(req, "code") };
}

/** The form that asks for the fresh code of a change. */
export function renderChange(
  res: Response,
  change: Change,
  kind: CodeKind,
  problem?: Problem,
): void {
  renderProblem(res, "change", problem, { change, kind });
}
