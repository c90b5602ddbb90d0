import { type RequestHandler, Router } from "express";
import type { TotpService } from "express-totp-setup";
import { demo, setupCommand } from "./demo-account.js";
import type { User } from "./users.js";
import { requireSignedIn } from "./visitor.js";

interface Options {
  totp: TotpService<User>;
  /** Lets in who gave a code in this session a short time ago. */
  requireCode: RequestHandler;
}

/** What signing in is for: a start page, and one that a stolen session alone must not open. */
export function homeRoutes({ totp, requireCode }: Options): Router {
  const router = Router();

  router.get("/", requireSignedIn, async (req, res) => {
    const user: User = res.locals.user;
    const { isEnabled } = await totp.status(user.id);
    const command = setupCommand(`${req.protocol}://${req.get("Host")}`);
    const api = user.email === demo.email && { key: demo.apiKey, command };
    res.render("home", { isEnabled, api });
  });

  router.get("/payouts", requireSignedIn, requireCode, (_req, res) => res.render("payouts"));

  return router;
}
