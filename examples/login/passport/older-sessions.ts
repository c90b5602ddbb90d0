import type { RequestHandler } from "express";
import type { TotpService } from "express-totp-setup";
import type { User } from "../users.js";

/** Signs out sessions from before TOTP was turned on: nobody gave a code in them. */
export function endOlderSessions(totp: TotpService<User>): RequestHandler {
  return async (req, _res, next) => {
    try {
      const { createdAt } = req.user ? await totp.status(req.user.id) : {};
      const isOlder = createdAt && createdAt.getTime() > Number(req.session.signedInAt);
      if (isOlder) req.logout(next);
      else next();
    } catch (error) {
      next(error);
    }
  };
}
