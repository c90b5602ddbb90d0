import path from "node:path";
import express, { type Express } from "express";
import { createTotpService } from "express-totp-setup";
import { accountRoutes } from "./accounts.js";
import { apiRoutes } from "./api.js";
import type { Database } from "./database.js";
import { respondNotFound, respondWithError } from "./errors.js";
import { noStore, securityHeaders } from "./headers.js";
import { homeRoutes } from "./home.js";
import { requireSameOrigin } from "./same-origin.js";
import { sessions } from "./sessions.js";
import { createTwoFactor } from "./two-factor.js";
import type { User } from "./users.js";
import { loadVisitor } from "./visitor.js";

export function createApp({ users, store }: Database): Express {
  const accountName = (user: User) => user.email;
  const totp = createTotpService({ store, issuer: "Demo", accountName });
  const twoFactor = createTwoFactor({ users, totp });

  const app = express();
  app.set("views", path.join(import.meta.dirname, "views"));
  app.set("view engine", "ejs");
  // What a view may be rendered without.
  Object.assign(app.locals, { problem: undefined, notice: undefined, user: undefined, head: "" });

  app.use(securityHeaders);
  app.use(express.static(path.join(import.meta.dirname, "public"), { index: false }));
  app.use(noStore);
  // Before the sessions: the API goes by its key alone, and needs no cookie.
  app.use(apiRoutes({ users, totp }));

  app.use(sessions(), requireSameOrigin, loadVisitor(users, totp));
  app.use(twoFactor.path, twoFactor.pages);
  app.use(express.urlencoded({ extended: false, limit: "4kb" }));
  app.use(accountRoutes({ users, totp, loginPath: `${twoFactor.path}/login` }));
  app.use(homeRoutes({ totp, requireCode: twoFactor.requireCode }));
  app.use(respondNotFound, respondWithError);
  return app;
}
