// The attack kit with apps that use the routers and the pages of the library.
import { randomUUID } from "node:crypto";
import express from "express";
import session from "express-session";
import { createTotpRouter, readDeviceToken, requireTotp } from "express-totp-setup";
import { type TestClient, testTwoFactorApp } from "express-totp-setup/testing";
import { enroll, isOk, routes, runnerThatSkips, sendTo } from "../helpers/attacked.js";
import { createPagesApp } from "../helpers/pages-app.js";
import { createRig } from "../helpers/service.js";
import { sessionRoutes } from "../helpers/session-app.js";

/** What these apps do not have. */
const attackRunner = runnerThatSkips([
  "setup: it requires a recent login (skipped: set setupWithinSeconds)",
  "calls that change something without a code (skipped: set changes)",
  "calls that require a code from the last few minutes (skipped: set fresh)",
]);

/** Few, to be fast. Six wrong codes lock an account. */
const FEW = { lockAfter: 6, parallel: 5 };
const newName = (): { userId: string } => ({ userId: randomUUID() });

/** Options of the kit that are the same for each app. */
function usersOf({ totp, clock }: Pick<ReturnType<typeof createRig>, "totp" | "clock">) {
  return {
    ...FEW,
    now: clock.now,
    advance: (seconds: number) => clock.advance(seconds),
    createUser: () => enroll(totp, randomUUID(), clock.now),
    createUserWithoutTotp: newName,
  };
}

describe("the JSON routes, by API key", () => {
  const rig = createRig();
  const { totp } = rig;
  const tokens = new Map<string, unknown>();
  const authenticate = (apiKey: string) => apiKey;
  const issueTokens = ({ userId }: { userId: unknown }) => {
    const access_token = randomUUID();
    tokens.set(`Bearer ${access_token}`, userId);
    return { access_token };
  };
  const app = express();
  app.post("/login/:user", async (req, res) => {
    const login = await totp.beginLogin(req.params.user);
    res.json(login.ok && login.isRequired ? { session_id: login.sessionId } : {});
  });
  app.use(createTotpRouter({ totp, authenticate, issueTokens }));
  app.post("/transfers", requireTotp({ totp, authenticate }), (_req, res) => {
    res.sendStatus(204);
  });
  app.get("/account", (req, res) => {
    res.sendStatus(tokens.has(String(req.get("Authorization"))) ? 200 : 401);
  });

  const sendCode = async (client: TestClient, code: string, sessionId: string | undefined) => {
    const response = await routes.sendCode(client, code, sessionId);
    const { access_token } = response.json<{ access_token?: string }>();
    if (access_token) client.headers.Authorization = `Bearer ${access_token}`;
  };
  const { changes: _, ...known } = routes;

  testTwoFactorApp(attackRunner, {
    ...known,
    ...usersOf(rig),
    request: sendTo(app),
    async signIn(client, { userId }) {
      client.headers["X-API-Key"] = userId;
      const response = await client.send(`POST /login/${userId}`);
      return response.json<{ session_id?: string }>().session_id;
    },
    sendCode,
    sendBackupCode: sendCode,
    isSignedIn: (client) => isOk(client.send("GET /account")),
    guarded: {
      ...routes.guarded,
      transfer: (client, code) =>
        isOk(client.send("POST /transfers", { headers: { "X-TOTP-Code": code } })),
    },
  });
});

describe("the JSON routes, by session", () => {
  const rig = createRig();
  const { totp } = rig;
  const app = express();
  app.use(
    session({
      secret: "of a test",
      resave: false,
      saveUninitialized: false,
      // Requests from other sites contain it, so the routes have to refuse them.
      cookie: { sameSite: "none" },
    }),
  );
  app.post("/login/:user", async (req, res) => {
    const { user } = req.params;
    const login = await totp.beginLogin(user, { deviceToken: readDeviceToken(req) });
    if (login.ok && login.isRequired) return res.json({ session_id: login.sessionId });
    req.session.userId = user;
    return res.json({});
  });
  app.use(
    sessionRoutes(totp, async (req, userId) => {
      await new Promise((resolve) => req.session.regenerate(resolve));
      req.session.userId = String(userId);
      return {};
    }),
  );

  testTwoFactorApp(attackRunner, {
    ...routes,
    ...usersOf(rig),
    request: sendTo(app),
    signIn: async (client, { userId }) =>
      (await client.send(`POST /login/${userId}`)).json<{ session_id?: string }>().session_id,
    sendBackupCode: routes.sendCode,
    isSignedIn: (client) => isOk(client.send("GET /account")),
  });
});

describe("the pages", () => {
  const made = createPagesApp();
  const here = { "Sec-Fetch-Site": "same-origin" };
  const post = (client: TestClient, path: string, form: object) =>
    client.send(`POST /two-factor${path}`, { form, headers: here });
  const sendCode = (client: TestClient, code: string) => post(client, "/login", { code });
  const isDone = async (response: ReturnType<typeof post>) => (await response).status < 400;

  testTwoFactorApp(attackRunner, {
    ...usersOf(made),
    request: sendTo(made.app),
    signIn: async (client, { userId }) => {
      await client.send(`POST /sign-in/${userId}`);
    },
    sendCode,
    sendBackupCode: sendCode,
    isSignedIn: async (client) =>
      !(await client.send("GET /home")).text.endsWith("home of undefined"),
    guarded: {
      "new backup codes": (client, code) => isDone(post(client, "/backup-codes", { code })),
    },
    fresh: {
      payout: async (client) => isOk(client.send("POST /payouts", { form: {}, headers: here })),
    },
    stepUp: (client, code) => post(client, "/step-up", { code, to: "/payouts" }),
    disable: (client, code) => isDone(post(client, "/turn-off", { code })),
    changes: {
      "a device is revoked": (client) => isDone(post(client, "/devices", { id: "none" })),
    },
    beginSetup: async (client) =>
      /class="totp-key"[^>]*>([^<]*)</.exec((await post(client, "/setup", {})).text)?.[1],
    async confirmSetup(client, code) {
      const { text } = await post(client, "/setup/confirm", { code });
      return [...text.matchAll(/<li data-totp-text="([^"]*)">/g)].map(([, each = ""]) => each);
    },
    paths: ["/two-factor", "/two-factor/setup", "/two-factor/turn-off", "/payouts"],
  });
});
