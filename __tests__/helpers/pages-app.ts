import express, { type Express, type NextFunction, type Request, type Response } from "express";
import session from "express-session";
import type { TotpServiceOptions } from "express-totp-setup";
import { readDeviceToken, requireTotp, sessionFreshness } from "express-totp-setup";
import { createTotpPages, redirectToStepUp, type TotpPagesOptions } from "express-totp-setup/pages";
import { createRig, type Rig } from "./service.js";

declare module "express-session" {
  interface SessionData {
    userId: string;
    totpLogin: string;
  }
}

export interface PagesAppOptions {
  service?: Partial<TotpServiceOptions>;
  pages?: Partial<TotpPagesOptions>;
  mustEnroll?: boolean;
  /** Where the pages are mounted. */
  at?: string;
  before?: (app: Express) => void;
}

export interface PagesApp extends Rig {
  app: Express;
  /** Which hooks were called, and for whom. */
  hooks: string[];
  /** What came to `onError`. */
  errors: unknown[];
  /** What came to the app's own error handler. */
  escaped: unknown[];
}

/**
 * An app with sessions, whose users have their names as their ids, and no passwords. `/sign-in/:user` is the
 * first step of a login; `/payouts` is guarded.
 */
export function createPagesApp(options: PagesAppOptions = {}): PagesApp {
  const { service, pages, mustEnroll = false, at = "/two-factor", before } = options;
  const rig = createRig({ accountName: (user) => accountName(user), ...service });
  const { totp } = rig;
  const app = express();
  const [hooks, errors, escaped]: [string[], unknown[], unknown[]] = [[], [], []];
  const onError = (error: unknown) => errors.push(error);
  const getUser = (req: Request) => req.session.userId;
  const freshness = sessionFreshness({ maxAgeSeconds: 300 });
  before?.(app);
  app.use(session({ secret: "of a test", resave: false, saveUninitialized: false }));

  app.post("/sign-in/:user", async (req, res) => {
    const { user } = req.params;
    const login = await totp.beginLogin(user, { mustEnroll, deviceToken: readDeviceToken(req) });
    if (!login.ok) return res.status(429).end();
    if (!login.isRequired) req.session.userId = user;
    else req.session.totpLogin = login.sessionId;
    return res.redirect(303, login.isRequired ? `${at}/login` : "/home");
  });
  app.get("/home", (req, res) => res.send(`home of ${req.session.userId}`));
  app.use(
    at || "/",
    createTotpPages({
      totp,
      getUser,
      authorizeSetup: "any-session",
      freshness,
      getLoginSession: (req) => req.session.totpLogin,
      onLogin: async ({ userId, method, req }) => {
        hooks.push(`login ${userId} ${method}`);
        await new Promise((resolve) => req.session.regenerate(resolve));
        req.session.userId = String(userId);
        return "/home";
      },
      onEnabled: ({ userId }) => hooks.push(`enabled ${userId}`),
      onDisabled: ({ userId }) => hooks.push(`disabled ${userId}`),
      onError,
      ...pages,
    }),
  );
  const errorHandler = redirectToStepUp(at || "/");
  app.all("/payouts", requireTotp({ totp, getUser, freshness, errorHandler }), (req, res) => {
    res.send(`paid by ${req.totp?.userId}`);
  });
  app.use((error: unknown, _req: Request, res: Response, _next: NextFunction) => {
    escaped.push(error);
    const { status = 599, message } = Object(error) as { status?: number; message?: string };
    res.status(status).send(`the app's own: ${message}`);
  });
  return { ...rig, app, hooks, errors, escaped };
}

function accountName(user: unknown): string {
  return typeof user === "object" && user !== null && "email" in user ? String(user.email) : "";
}
