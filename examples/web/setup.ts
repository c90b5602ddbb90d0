import { type RequestHandler, Router } from "express";
import type { TotpService } from "express-totp-setup";
import { changes } from "./changes.js";
import { renderChange } from "./security.js";
import { codeKindOf, problemOf, renderProblem } from "./step-forms.js";
import { fieldOf, requireSignedIn, userOf } from "./visitor.js";

/** Turning TOTP on, or moving it to another phone. */
export function setupRoutes({ totp }: { totp: TotpService }): Router {
  const router = Router();
  router.use("/security/setup", requireSignedIn);
  router.post("/security/setup", begin(totp));
  router.get("/security/setup", show);
  router.post("/security/setup/confirm", confirm(totp));
  return router;
}

function begin(totp: TotpService): RequestHandler {
  return async (req, res) => {
    const { id, email } = userOf(res);
    const kind = codeKindOf(req);
    // The code is asked for only while TOTP is on. Without it, a session that somebody stole could move
    // the second factor to another phone.
    const stepUp = { code: fieldOf(req, "code") };
    const outcome = await totp.beginSetup({ id, accountName: email }, stepUp);
    if (!outcome.ok) {
      const problem = await problemOf(totp, id, outcome, kind);
      return renderChange(res, changes.newPhone, kind, problem);
    }
    const { secret, otpauthUri, qrCodeUrl, expiresAt } = outcome;
    req.session.setup = { secret, otpauthUri, qrCodeUrl, until: expiresAt.getTime() };
    return res.redirect(303, "/security/setup");
  };
}

const show: RequestHandler = (req, res) => {
  const { setup } = req.session;
  if (setup && setup.until > Date.now()) return res.render("setup", { setup });
  delete req.session.setup;
  return res.redirect(303, "/security");
};

function confirm(totp: TotpService): RequestHandler {
  return async (req, res) => {
    const { id } = userOf(res);
    const { setup } = req.session;
    const outcome = await totp.confirm(id, fieldOf(req, "code"));
    if (outcome.ok) {
      delete req.session.setup;
      return res.render("backup-codes", { codes: outcome.backupCodes, isFirst: true });
    }
    const problem = await problemOf(totp, id, outcome, "app");
    const isOver = outcome.reason === "expired" || outcome.reason === "nothing_pending";
    if (setup && !isOver) return renderProblem(res, "setup", problem, { setup });
    delete req.session.setup;
    req.session.notice = { kind: "bad", text: problem.text };
    return res.redirect(303, "/security");
  };
}
