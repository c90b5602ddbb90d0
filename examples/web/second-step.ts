import { type Request, type RequestHandler, Router } from "express";
import type { CompleteLoginOutcome, TotpService } from "express-totp-setup";
import { trustThisDevice } from "./devices.js";
import { areFewBackupCodes, formatClockOffset } from "./formats.js";
import { type Notice, signIn, startSession } from "./sessions.js";
import { codeKindOf, lockOf, problemOf, renderProblem } from "./step-forms.js";
import { fieldOf } from "./visitor.js";

/** The second step of signing in: a code, a backup code, or three codes in a row. */
export function secondStepRoutes({ totp }: { totp: TotpService }): Router {
  const router = Router();
  const days = totp.config.trustedDeviceDays;

  router.get("/sign-in/code", requireLogin(totp), async (req, res) => {
    const problem = lockOf(await totp.status(res.locals.login.userId));
    renderProblem(res, "second-step", problem, { kind: codeKindOf(req), days });
  });

  router.post("/sign-in/code", requireLogin(totp), async (req, res) => {
    const { loginSession = "" } = req.session;
    const outcome = await totp.completeLogin(loginSession, fieldOf(req, "code"));
    if (outcome.ok) {
      const userId = String(outcome.userId);
      await signIn(req, userId, noticeOf(outcome));
      if (fieldOf(req, "trust")) await trustThisDevice(totp, userId, req, res);
      return res.redirect(303, "/security");
    }
    const kind = codeKindOf(req);
    const problem = await problemOf(totp, res.locals.login.userId, outcome, kind);
    return renderProblem(res, "second-step", problem, { kind, days });
  });

  return router;
}

/** Lets in whose password was right, within the five minutes that the login waits. */
function requireLogin(totp: TotpService): RequestHandler {
  return async (req, res, next) => {
    res.locals.login = await findLogin(totp, req);
    if (res.locals.login) return next();
    if (req.session.loginSession) {
      const text = "That took too long. Enter your password again.";
      await startSession(req, { notice: { kind: "bad", text } });
    }
    res.redirect(303, "/sign-in");
  };
}

async function findLogin(totp: TotpService, { session }: Request) {
  return session.loginSession && (await totp.findLogin(session.loginSession));
}

type Completed = Extract<CompleteLoginOutcome, { ok: true }>;

/** What to say after a code that was none of the usual kind. */
function noticeOf({
  method,
  backupCodesRemaining,
  clockOffsetSeconds = 0,
}: Completed): Notice | undefined {
  if (method === "backup_code") return backupCodeUsed(backupCodesRemaining);
  // So much is how long people take to type.
  if (Math.abs(clockOffsetSeconds) < 60) return undefined;
  return { kind: "bad", text: formatClockOffset(clockOffsetSeconds) };
}

function backupCodeUsed(left: number): Notice {
  const text = `You signed in with a backup code. You have ${left} left.`;
  if (!areFewBackupCodes(left)) return { kind: "good", text };
  return { kind: "bad", text: `${text} Make new ones before they run out.` };
}
