import type { Request, RequestHandler, Response } from "express";
import { requireTotp, sessionFreshness, type TotpService } from "express-totp-setup";
import { createTotpPages, type PageContent, redirectToStepUp } from "express-totp-setup/pages";
import { signIn } from "./sessions.js";
import type { User, Users } from "./users.js";

interface Options {
  users: Users;
  totp: TotpService<User>;
}

const PATH = "/two-factor";
const RECENT_MS = 10 * 60_000;

/** The library's pages in the demo's layout, and a guard for what needs a code. */
export function createTwoFactor({ users, totp }: Options) {
  const getUser = async ({ session: { userId } }: Request) =>
    userId === undefined ? undefined : users.findById(userId);
  const freshness = sessionFreshness({ maxAgeSeconds: 300 });

  const pages = createTotpPages<User>({
    totp,
    getUser,
    freshness,
    signInPath: "/sign-in",
    // A session that somebody stole must not enroll a phone: the password was given a short time ago.
    authorizeSetup: (_user, { session }) => Date.now() - (session.signedInAt ?? 0) < RECENT_MS,
    mustEnroll: (user) => user.mustEnroll,
    getLoginSession: ({ session }) => session.loginSession,
    findUser: (userId) => users.findById(userId),
    onLogin: async ({ userId, req }) => {
      await signIn(req, userId);
      return "/";
    },
    // Every other session of the user is from before now, and ends: see endOlderSession.
    onEnabled: ({ userId, req }) => signIn(req, userId),
    onDisabled: ({ req }) => {
      req.session.notice = { kind: "good", text: "Two-factor authentication is off now." };
    },
    layout: async ({ title, head, body, req, res }: PageContent) => {
      const user = await getUser(req);
      return render(res, "layout", { title, head, body, user });
    },
  });

  const requireCode: RequestHandler = requireTotp({
    totp,
    getUser,
    freshness,
    errorHandler: redirectToStepUp(PATH),
  });
  return { path: PATH, pages, requireCode };
}

function render(res: Response, view: string, locals: object): Promise<string> {
  return new Promise((resolve, reject) => {
    res.render(view, locals, (error, html) => (error ? reject(error) : resolve(html)));
  });
}
