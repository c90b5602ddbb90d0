import express, { type Router } from "express";
import type { TotpUser } from "../base/user.js";
import { rejectCrossSite } from "../http/cross-site.js";
import { mountEndpoint } from "../http/endpoint.js";
import type { Middleware } from "../http/middleware.js";
import { createRespond } from "../http/respond.js";
import { mountAssets } from "./assets/assets.js";
import { createErrorPage } from "./error-page.js";
import { type PagesConfig, resolvePagesOptions, type TotpPagesOptions } from "./options.js";
import { createContext, type PageContext, redirect } from "./page.js";
import { getBackupCodes, getTurnOff, postBackupCodes, postTurnOff } from "./routes/changes.js";
import { getLogin, postLogin, postLoginSetup } from "./routes/login.js";
import { getOverview, postDevices } from "./routes/overview.js";
import { getSetup, postConfirm, postSetup } from "./routes/setup.js";
import { getStepUp, postStepUp } from "./routes/step-up.js";

type PageHandler = (context: PageContext) => Promise<void>;
type Methods = { GET?: PageHandler; POST?: PageHandler };

const PAGES: Readonly<Record<string, Methods>> = {
  "/": { GET: getOverview },
  "/setup": { GET: getSetup, POST: postSetup },
  "/setup/confirm": { GET: goTo("/setup"), POST: postConfirm },
  "/backup-codes": { GET: getBackupCodes, POST: postBackupCodes },
  "/turn-off": { GET: getTurnOff, POST: postTurnOff },
  "/devices": { GET: goToOverview, POST: postDevices },
};
const LOGIN_PAGES: Readonly<Record<string, Methods>> = {
  "/login": { GET: getLogin, POST: postLogin },
  "/login/setup": { GET: goTo("/login"), POST: postLoginSetup },
};
const STEP_UP_PAGES: Readonly<Record<string, Methods>> = {
  "/step-up": { GET: getStepUp, POST: postStepUp },
};

/**
 * Creates a router with the pages that people see: overview, setup with its QR code, backup codes, turning TOTP off,
 * with `getLoginSession` the second step of a login, and with `freshness` the step-up. They work without JavaScript and
 * with a strict Content-Security-Policy.
 *
 * @returns An Express router. Mount it below a prefix, after the middleware of your sessions.
 * @throws `TotpConfigError` if an option is missing, unknown, or invalid.
 * @example
 * ```ts
 * app.use(
 *   "/two-factor",
 *   createTotpPages({
 *     totp,
 *     getUser: (req) => req.user,
 *     authorizeSetup: (user, req) => signedInRecently(req),
 *     getLoginSession: (req) => req.session.totpLogin,
 *     onLogin: async ({ userId, req }) => {
 *       await signIn(req, userId);
 *       return "/";
 *     },
 *   }),
 * );
 * ```
 */
export function createTotpPages<User extends TotpUser>(
  options: TotpPagesOptions<User>,
): Router & Middleware {
  const config = resolvePagesOptions(options);
  const router = express.Router();
  const errorHandler = config.errorHandler ?? createErrorPage(config);
  const respond = createRespond({ onError: config.onError, errorHandler });
  const pages = {
    ...PAGES,
    ...(config.getLoginSession && LOGIN_PAGES),
    ...(config.freshness && STEP_UP_PAGES),
  };
  mountAssets(router);
  for (const [path, methods] of Object.entries(pages)) {
    const handlers = Object.entries(methods).map(
      ([method, handler]) => [method, handlePage(config, handler)] as const,
    );
    mountEndpoint(router, path, Object.fromEntries(handlers), respond);
  }
  return router as Router & Middleware;
}

/** Redirects a GET of the address of a form, which browsers send after a sign-in or from their history. */
function goTo(path: string): PageHandler {
  return async (context) => redirect(context, context.base + path);
}

async function goToOverview(context: PageContext): Promise<void> {
  redirect(context, context.home);
}

/** Refuses forms from other sites, whether somebody is signed in or not. */
function handlePage(config: PagesConfig, handler: PageHandler) {
  return async (req: express.Request, res: express.Response): Promise<void> => {
    rejectCrossSite(req, config.trustedOrigins);
    await handler(createContext(config, req, res));
  };
}
