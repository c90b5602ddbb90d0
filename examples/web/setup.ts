import { type Request, type RequestHandler, type Response, Router } from "express";
import type { TotpService } from "express-totp-setup";
import { changes } from "./changes.js";
import type { Problem } from "./messages.js";
import { renderChange } from "./security.js";
import { signIn, startSession } from "./sessions.js";
import { codeKindOf, problemOf, renderProblem } from "./step-forms.js";
import type { User } from "./users.js";
import { fieldOf, requireSignedIn, userOf } from "./visitor.js";

const RECENT_MS = 10 * 60_000;

/** Turning TOTP on, or moving it to another phone. */
export function setupRoutes({ totp }: { totp: TotpService }): Router {
  const router = Router();
  router.use("/security/setup", requireSignedIn);
  router.post(["/security/setup", changes.newPhone.path], begin(totp));
  // Only the response to a form shows a key: no address does, whoever opens it later.
  router.get(["/security/setup", "/security/setup/confirm"], (_req, res) =>
    res.redirect(303, "/security"),
  );
  router.post("/security/setup/confirm", confirm(totp));
  return router;
}

function begin(totp: TotpService): RequestHandler {
  return async (req, res) => {
    const user = userOf(res);
    const kind = codeKindOf(req);
    const outcome = await totp.beginSetup(accountOf(user), {
      // The code is asked for only while TOTP is on: a stolen session must not move it to another phone.
      proof: { code: fieldOf(req, "code") },
      // Nor may a session that was stolen a while ago turn it on.
      isAuthorized: Date.now() - (req.session.signedInAt ?? 0) < RECENT_MS,
    });
    if (outcome.ok) return renderSetup(res, outcome);
    const problem = await problemOf(totp, user.id, outcome, kind);
    if (outcome.reason !== "not_authorized") {
      return renderChange(res, changes.newPhone, kind, problem);
    }
    await startSession(req, { notice: { kind: "bad", text: problem.text } });
    return res.redirect(303, "/sign-in");
  };
}

function confirm(totp: TotpService): RequestHandler {
  return async (req, res) => {
    const user = userOf(res);
    const outcome = await totp.confirm(user.id, fieldOf(req, "code"));
    if (outcome.ok) {
      // Every other session of the user is from before now, and ends.
      await signIn(req, user.id);
      return res.render("backup-codes", { codes: outcome.backupCodes, isFirst: true });
    }
    const problem = await problemOf(totp, user.id, outcome, "app");
    const setup = await resume(totp, user, req);
    if (setup) return renderSetup(res, setup, problem);
    req.session.notice = { kind: "bad", text: problem.text };
    return res.redirect(303, "/security");
  };
}

/** The setup whose key the form carried back: a new one would have to be scanned again. */
async function resume(totp: TotpService, user: User, req: Request) {
  const resumed = await totp.resumeSetup(accountOf(user), fieldOf(req, "key"));
  return resumed.ok ? resumed : undefined;
}

interface Shown {
  secret: string;
  otpauthUri: string;
  qrCodeUrl: string;
}

function renderSetup(res: Response, setup: Shown, problem?: Problem): void {
  renderProblem(res, "setup", problem, { setup });
}

function accountOf({ id, email }: User) {
  return { id, accountName: email };
}
