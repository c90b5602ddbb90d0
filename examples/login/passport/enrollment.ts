import express, { type Router } from "express";
import type { TotpService } from "express-totp-setup";
import type { User } from "../users.js";
import { refuse, withUser } from "./responses.js";

/** TOTP of who is signed in. While it is on, every change wants a fresh code: that is what `{ code }` is. */
export function createEnrollmentRoutes(totp: TotpService<User>): Router {
  const router = express.Router();
  // Secrets and backup codes are shown once, and kept by no cache.
  router.use((_req, res, next) => {
    res.set("Cache-Control", "no-store");
    next();
  });

  const status = withUser(async (user, _req, res) => {
    const { isEnabled, backupCodesRemaining } = await totp.status(user.id);
    res.json({ is_setup: isEnabled, backup_codes_remaining: backupCodesRemaining });
  });
  const setup = withUser(async (user, req, res) => {
    const outcome = await totp.beginSetup(user, { code: req.body?.code });
    if (!outcome.ok) return refuse(res, 403, outcome);
    res.json({ qr_code_url: outcome.qrCodeUrl, secret: outcome.secret });
  });
  const confirm = withUser(async (user, req, res) => {
    const outcome = await totp.confirm(user.id, req.body?.code);
    if (!outcome.ok) return refuse(res, 422, outcome);
    res.json({ backup_codes: outcome.backupCodes });
  });
  const replaceBackupCodes = withUser(async (user, req, res) => {
    const outcome = await totp.regenerateBackupCodes(user.id, { code: req.body?.code });
    if (!outcome.ok) return refuse(res, 403, outcome);
    res.json({ backup_codes: outcome.backupCodes });
  });
  const turnOff = withUser(async (user, req, res) => {
    const outcome = await totp.disable(user.id, { code: req.body?.code });
    if (!outcome.ok) return refuse(res, 403, outcome);
    res.sendStatus(204);
  });

  router.get("/", status);
  router.post("/setup", setup);
  router.post("/confirm", confirm);
  router.post("/backup-codes", replaceBackupCodes);
  router.post("/disable", turnOff);
  return router;
}
