import { type Response, Router } from "express";
import type { TotpService } from "express-totp-setup";
import {
  checkNewAccount,
  emailOf,
  type FieldProblem,
  passwordOf,
  REJECTED,
  SHORTEST_PASSWORD,
  TAKEN,
  TOO_MANY_PASSWORDS,
} from "./credentials.js";
import { demo } from "./demo-account.js";
import { deviceTokenOf } from "./devices.js";
import { limitPasswords } from "./limit-passwords.js";
import { explain } from "./messages.js";
import { hashPassword, isPasswordRight } from "./passwords.js";
import { signIn, startSession } from "./sessions.js";
import { renderProblem } from "./step-forms.js";
import type { Users } from "./users.js";

interface Options {
  users: Users;
  totp: TotpService;
}

/** Signing up, the first step of signing in, and signing out. */
export function accountRoutes({ users, totp }: Options): Router {
  const router = Router();

  router.get("/", (_req, res) => res.redirect(303, "/security"));

  router.get("/sign-up", (_req, res) => renderForm(res, "sign-up"));
  router.post("/sign-up", async (req, res) => {
    const [email, password] = [emailOf(req), passwordOf(req)];
    const problem = checkNewAccount(email, password);
    if (problem) return renderForm(res, "sign-up", email, problem);
    const user = await users.create(email, await hashPassword(password));
    if (!user) return renderForm(res, "sign-up", email, TAKEN);
    await signIn(req, user.id, { kind: "good", text: "Welcome! Your account is there." });
    return res.redirect(303, "/security");
  });

  router.get("/sign-in", (_req, res) => {
    if (res.locals.user) return res.redirect(303, "/security");
    return renderForm(res, "sign-in");
  });
  const limit = limitPasswords((req, res) =>
    renderForm(res, "sign-in", emailOf(req), TOO_MANY_PASSWORDS),
  );
  router.post("/sign-in", limit, async (req, res) => {
    const email = emailOf(req);
    const user = await users.findByEmail(email);
    const isRight = await isPasswordRight(passwordOf(req), user?.passwordHash);
    if (!user || !isRight) return renderForm(res, "sign-in", email, REJECTED);
    const login = await totp.beginLogin(user.id, { deviceToken: deviceTokenOf(req) });
    if (!login.ok) {
      return renderForm(res, "sign-in", email, { ...explain(login), field: "password" });
    }
    if (!login.isRequired) {
      await signIn(req, user.id);
      return res.redirect(303, "/security");
    }
    await startSession(req, { loginSession: login.sessionId });
    return res.redirect(303, "/sign-in/code");
  });

  router.post("/sign-out", async (req, res) => {
    await startSession(req, { notice: { kind: "good", text: "You are signed out." } });
    res.redirect(303, "/sign-in");
  });

  return router;
}

function renderForm(
  res: Response,
  view: "sign-in" | "sign-up",
  email = "",
  problem?: FieldProblem,
): void {
  renderProblem(res, view, problem, { email, demo, shortestPassword: SHORTEST_PASSWORD });
}
