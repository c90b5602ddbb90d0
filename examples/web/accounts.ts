import { type Request, type Response, Router } from "express";
import type { TotpService } from "express-totp-setup";
import { demo } from "./demo-account.js";
import type { Problem } from "./messages.js";
import { hashPassword, isPasswordRight } from "./passwords.js";
import { startSession } from "./sessions.js";
import { renderProblem } from "./step-forms.js";
import type { Users } from "./users.js";
import { fieldOf } from "./visitor.js";

const SHORTEST_PASSWORD = 8;
/** As browsers have it. An authenticator app shows it as the name of the account, which cannot have a colon. */
const EMAIL = /^[\w.!#$%&'*+/=?^`{|}~-]+@[\w.-]+$/;
/** For a second step: longer than a first lock lasts. */
const WAITING_MS = 20 * 60_000;

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
    const { email, password } = credentialsOf(req);
    const problem = checkNewAccount(email, password);
    if (problem) return renderForm(res, "sign-up", email, problem);
    const user = await users.create(email, await hashPassword(password));
    if (!user) return renderForm(res, "sign-up", email, TAKEN);
    await startSession(req, {
      userId: user.id,
      notice: { kind: "good", text: "Welcome! Your account is there." },
    });
    return res.redirect(303, "/security");
  });

  router.get("/sign-in", (_req, res) => {
    if (res.locals.user) return res.redirect(303, "/security");
    return renderForm(res, "sign-in");
  });
  // An app also limits how often passwords are tried. The library does so for codes alone.
  router.post("/sign-in", async (req, res) => {
    const { email, password } = credentialsOf(req);
    const user = await users.findByEmail(email);
    const isRight = await isPasswordRight(password, user?.passwordHash);
    if (!user || !isRight) return renderForm(res, "sign-in", email, REJECTED);
    const { isEnabled } = await totp.status(user.id);
    if (!isEnabled) {
      await startSession(req, { userId: user.id });
      return res.redirect(303, "/security");
    }
    await startSession(req, { waiting: { userId: user.id, until: Date.now() + WAITING_MS } });
    return res.redirect(303, "/sign-in/code");
  });

  router.post("/sign-out", async (req, res) => {
    await startSession(req, { notice: { kind: "good", text: "You are signed out." } });
    res.redirect(303, "/sign-in");
  });

  return router;
}

function credentialsOf(req: Request) {
  return {
    email: fieldOf(req, "email").trim().toLowerCase(),
    password: fieldOf(req, "password"),
  };
}

interface FieldProblem extends Problem {
  field: "email" | "password";
}

const REJECTED: FieldProblem = {
  status: 422,
  text: "The email address or the password is wrong.",
  field: "password",
};
const TAKEN: FieldProblem = {
  status: 422,
  text: "There is an account with this email address already.",
  field: "email",
};

function checkNewAccount(email: string, password: string): FieldProblem | undefined {
  if (email.length > 254 || !EMAIL.test(email)) {
    return {
      status: 422,
      text: "Enter an email address, such as ada@example.com.",
      field: "email",
    };
  }
  if (password.length >= SHORTEST_PASSWORD) return undefined;
  const text = `A password has at least ${SHORTEST_PASSWORD} characters.`;
  return { status: 422, text, field: "password" };
}

function renderForm(
  res: Response,
  view: "sign-in" | "sign-up",
  email = "",
  problem?: FieldProblem,
): void {
  renderProblem(res, view, problem, { email, demo, shortestPassword: SHORTEST_PASSWORD });
}
