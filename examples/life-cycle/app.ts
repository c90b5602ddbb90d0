// An app whose users have TOTP from enrollment to deletion, all in memory. walk.ts walks through it.
import express, { type Express } from "express";
import {
  createMemoryStore,
  createTotpRouter,
  createTotpService,
  requireTotp,
} from "express-totp-setup";

const ada = { id: 1, accountName: "ada@example.com", balance: 100 };
const usersByApiKey = new Map([["demo-key", ada]]);

const totp = createTotpService({
  store: createMemoryStore(),
  issuer: "Acme",
  onEvent: (event) => console.log(`    event ${event.type}`),
});
const authenticate = (apiKey: string) => usersByApiKey.get(apiKey);

export function createApp(): Express {
  const app = express();
  app.use(
    createTotpRouter({
      totp,
      authenticate,
      issueTokens: ({ userId, purpose }) =>
        purpose === "login" ? { access_token: `token-of-${userId}`, token_type: "Bearer" } : {},
    }),
  );
  // The first step of a login. A real app verifies a password here.
  app.post("/login", async (_req, res) => {
    const login = await totp.beginLogin(ada.id);
    res.json(login.isRequired && login.ok ? { session_id: login.sessionId } : {});
  });
  // A route of the app's own that a stolen API key alone must not open.
  app.post("/transfers", requireTotp({ totp, authenticate }), (_req, res) => {
    ada.balance -= 10;
    res.json({ balance: ada.balance });
  });
  return app;
}
