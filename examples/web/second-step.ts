import { type RequestHandler, Router } from "express";
import type { TotpService } from "express-totp-setup";
import { areFewBackupCodes } from "./formats.js";
import { startSession } from "./sessions.js";
import { codeKindOf, lockOf, problemOf, renderProblem } from "./step-forms.js";
import { fieldOf } from "./visitor.js";

/** The second step of signing in: a code, or a backup code. */
export function secondStepRoutes({ totp }: { totp: TotpService }): Router {
  const router = Router();

  router.get("/sign-in/code", requireWaiting, async (req, res) => {
    const userId = req.session.waiting?.userId ?? "";
    const problem = lockOf(await totp.status(userId));
    renderProblem(res, "second-step", problem, { kind: codeKindOf(req) });
  });

  router.post("/sign-in/code", requireWaiting, async (req, res) => {
    const userId = req.session.waiting?.userId ?? "";
    const kind = codeKindOf(req);
    const outcome = await totp.verify(userId, fieldOf(req, "code"));
    if (outcome.ok) {
      const left = outcome.backupCodesRemaining;
      await startSession(req, {
        userId,
        ...(outcome.method === "backup_code" && { notice: backupCodeUsed(left) }),
      });
      return res.redirect(303, "/security");
    }
    if (outcome.reason === "not_enabled") {
      // It was turned off meanwhile, by a session that may be anybody's: begin again with the password.
      await startSession(req);
      return res.redirect(303, "/sign-in");
    }
    const problem = await problemOf(totp, userId, outcome, kind);
    return renderProblem(res, "second-step", problem, { kind });
  });

  return router;
}

const requireWaiting: RequestHandler = async (req, res, next) => {
  const { waiting } = req.session;
  if (waiting && waiting.until > Date.now()) return next();
  if (waiting) {
    const text = "That took too long. Enter your password again.";
    await startSession(req, { notice: { kind: "bad", text } });
  }
  res.redirect(303, "/sign-in");
};

function backupCodeUsed(left: number) {
  const text = `You signed in with a backup code. You have ${left} left.`;
  if (!areFewBackupCodes(left)) return { kind: "good" as const, text };
  return { kind: "bad" as const, text: `${text} Make new ones before they run out.` };
}
