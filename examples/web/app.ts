import path from "node:path";
import express, { type Express } from "express";
import { createTotpService } from "express-totp-setup";
import { accountRoutes } from "./accounts.js";
import { apiRoutes } from "./api.js";
import type { Database } from "./database.js";
import { deviceRoutes } from "./devices.js";
import { respondNotFound, respondWithError } from "./errors.js";
import { areFewBackupCodes, formatDate, formatWait } from "./formats.js";
import { noStore, securityHeaders } from "./headers.js";
import { requireSameOrigin } from "./same-origin.js";
import { secondStepRoutes } from "./second-step.js";
import { securityRoutes } from "./security.js";
import { sessions } from "./sessions.js";
import { setupRoutes } from "./setup.js";
import { loadVisitor } from "./visitor.js";

export function createApp({ users, store }: Database): Express {
  const totp = createTotpService({ store, issuer: "Demo", qrCode: { moduleSize: 5 } });

  const app = express();
  app.set("views", path.join(import.meta.dirname, "views"));
  app.set("view engine", "ejs");
  // What a view may be rendered without.
  Object.assign(app.locals, { problem: undefined, notice: undefined, user: undefined });
  Object.assign(app.locals, { formatDate, formatWait, areFewBackupCodes });

  app.use(securityHeaders);
  app.use(express.static(path.join(import.meta.dirname, "public"), { index: false }));
  app.use(noStore);
  // Before the sessions: the API goes by its key alone, and needs no cookie.
  app.use(apiRoutes({ users, totp }));

  app.use(sessions(), requireSameOrigin, loadVisitor(users, totp));
  app.use(express.urlencoded({ extended: false, limit: "4kb" }));
  app.use(accountRoutes({ users, totp }));
  app.use(secondStepRoutes({ totp }));
  app.use(securityRoutes({ totp }));
  app.use(setupRoutes({ totp }));
  app.use(deviceRoutes({ totp }));
  app.use(respondNotFound, respondWithError);
  return app;
}
