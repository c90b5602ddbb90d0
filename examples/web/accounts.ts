import { type Request, type Response, Router } from "express";
import { readDeviceToken, type TotpService } from "express-totp-setup";
import {
  BUSY,
  checkNewAccount,
  emailOf,
  type FieldProblem,
  fieldOf,
  passwordOf,
  REJECTED,
  SHORTEST_PASSWORD,
  TAKEN,
  TOO_MANY_PASSWORDS,
} from "./credentials.js";
import { demo } from "./demo-account.js";
import { limitPasswords } from "./limit-passwords.js";
import { hashPassword, isPasswordRight } from "./passwords.js";
import { signIn, startSession } from "./sessions.js";
import type { User, Users } from "./users.js";

interface Options {
  users: Users;
  totp: TotpService<User>;
  /** Where a login whose password was right goes on if a code has to follow. */
  loginPath: string;
}

/** Signing up, the first step of signing in, and signing out. */
export function accountRoutes({ users, totp, loginPath }: Options): Router {
  const router = Router();

  router.get("/sign-up", (_req, res) => renderForm(res, "sign-up"));
  router.post("/sign-up", async (req, res) => {
    const [email, password] = [emailOf(req), passwordOf(req)];
    const problem = checkNewAccount(email, password);
    if (problem) return renderForm(res, "sign-up", email, problem);
    const passwordHash = await hashPassword(password);
    const mustEnroll = fieldOf(req, "must_enroll") !== "";
    const user = await users.create({ email, passwordHash, mustEnroll });
    if (!user) return renderForm(res, "sign-up", email, TAKEN);
    return enter(req, res, user, "sign-up");
  });

  // Also for who is signed in: what is not allowed to an old session is allowed to a new one.
  router.get("/sign-in", (_req, res) => renderForm(res, "sign-in"));
  const limit = limitPasswords((req, res) =>
    renderForm(res, "sign-in", emailOf(req), TOO_MANY_PASSWORDS),
  );
  router.post("/sign-in", limit, async (req, res) => {
    const email = emailOf(req);
    const user = await users.findByEmail(email);
    const isRight = await isPasswordRight(passwordOf(req), user?.passwordHash);
    if (!user || !isRight) return renderForm(res, "sign-in", email, REJECTED);
    return enter(req, res, user, "sign-in");
  });

  /** Signs in if no code has to follow. Else nobody is signed in yet. */
  async function enter(req: Request, res: Response, user: User, view: View): Promise<void> {
    const { id, email, mustEnroll } = user;
    const login = await totp.beginLogin(id, { deviceToken: readDeviceToken(req), mustEnroll });
    if (!login.ok) {
      res.set("Retry-After", String(login.retryAfterSeconds));
      return renderForm(res, view, email, BUSY);
    }
    if (login.isRequired) await startSession(req, { loginSession: login.sessionId });
    else await signIn(req, id);
    res.redirect(303, login.isRequired ? loginPath : "/");
  }

  router.post("/sign-out", async (req, res) => {
    await startSession(req, { notice: { kind: "good", text: "You are signed out." } });
    res.redirect(303, "/sign-in");
  });

  return router;
}

type View = "sign-in" | "sign-up";

function renderForm(res: Response, view: View, email = "", problem?: FieldProblem): void {
  res.status(problem?.status ?? 200);
  res.render(view, { email, problem, demo, shortestPassword: SHORTEST_PASSWORD });
}
