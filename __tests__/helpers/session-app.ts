import { randomUUID } from "node:crypto";
import express, { type Request, type Router } from "express";
import session from "express-session";
import { createTotpRouter, type TotpService, type UserId } from "express-totp-setup";
import type { TestClient, TwoFactorAppOptions } from "express-totp-setup/testing";
import { enroll, isOk, routes, sendTo } from "./attacked.js";
import { createRig } from "./service.js";

declare module "express-session" {
  interface SessionData {
    loginId: string;
  }
}

/** The route of the library, a hand-written one, or a hand-written one that keeps the id of the login in the session. */
export type SecondStep = "library" | "hand-written" | "in the session";

export interface SessionAppOptions {
  secondStep: SecondStep;
  saveUninitialized?: boolean;
  /** Whether the session id changes when the user is signed in. */
  signsIn?: "with a new id" | "with the same id";
  /** Whether a user who is signed in is redirected from the login. */
  refusesSecondSignIn?: boolean;
}

interface LoginResponse {
  requires_action?: string;
  session_id?: string;
}

type KitOptions = TwoFactorAppOptions<{ userId: string }, LoginResponse>;

/** The router for users of `express-session`, and a page that only they can see. */
export function sessionRoutes(
  totp: TotpService,
  signIn: (req: Request, userId: UserId) => Promise<Record<string, unknown>>,
): Router {
  const routes = express.Router();
  routes.use(
    createTotpRouter({
      totp,
      getUser: (req) => req.session.userId,
      authorizeSetup: "any-session",
      deviceCookie: true,
      issueTokens: ({ userId, req }) => signIn(req, userId),
    }),
  );
  routes.get("/account", (req, res) => {
    res.sendStatus(req.session.userId ? 200 : 401);
  });
  return routes;
}

/** Creates the options of the kit for an app with `express-session` that responds to the password as in docs/login.md. */
export function createSessionApp({
  secondStep,
  saveUninitialized = false,
  signsIn = "with a new id",
  refusesSecondSignIn = false,
}: SessionAppOptions): KitOptions {
  const { totp, clock } = createRig();

  async function signIn(req: Request, userId: unknown) {
    if (signsIn === "with a new id") {
      await new Promise((resolve) => req.session.regenerate(resolve));
    }
    req.session.userId = String(userId);
    return { signed_in: true };
  }

  const app = express();
  app.use(
    session({
      secret: "of a test",
      resave: false,
      saveUninitialized,
      cookie: { sameSite: "lax" },
    }),
  );
  app.post("/login/:user", async (req, res) => {
    if (refusesSecondSignIn && req.session.userId) return res.redirect(303, "/account");
    const login = await totp.beginLogin(req.params.user);
    if (!login.ok) return res.sendStatus(429);
    if (!login.isRequired) return res.json(await signIn(req, req.params.user));
    if (secondStep !== "in the session") {
      return res.json({ requires_action: "totp", session_id: login.sessionId });
    }
    req.session.loginId = login.sessionId;
    return res.json({ requires_action: "totp" });
  });
  app.post("/login-code", express.json(), async (req, res) => {
    const id = secondStep === "in the session" ? req.session.loginId : req.body.session_id;
    if (req.get("Sec-Fetch-Site") === "same-site" || typeof id !== "string") {
      return res.sendStatus(403);
    }
    const outcome = await totp.completeLogin(id, req.body.code);
    return outcome.ok ? res.json(await signIn(req, outcome.userId)) : res.sendStatus(401);
  });
  app.use(sessionRoutes(totp, signIn));

  const sendCode = (client: TestClient, code: string, { session_id }: LoginResponse) =>
    secondStep === "library"
      ? routes.sendCode(client, code, session_id)
      : client.send("POST /login-code", { json: { session_id, code } });
  return {
    request: sendTo(app),
    createUser: () => enroll(totp, randomUUID(), clock.now),
    signIn: async (client, { userId }) => {
      const response = await client.send(`POST /login/${userId}`);
      return response.status === 200 ? response.json<LoginResponse>() : {};
    },
    sendCode,
    sendBackupCode: sendCode,
    isSignedIn: (client) => isOk(client.send("GET /account")),
    now: clock.now,
    advance: (seconds) => clock.advance(seconds),
    lockAfter: 6,
    parallel: 5,
  };
}
