// The app that the tests beside it test. They pass a clock of their own, so that none has to wait.
import express from "express";
import {
  createMemoryStore,
  createTotpRouter,
  createTotpService,
  requireTotp,
} from "express-totp-setup";
import { createTotpPages } from "express-totp-setup/pages";

const ada = { id: 1, accountName: "ada@example.com" };

export function createApp(now: () => number = Date.now) {
  const totp = createTotpService({ store: createMemoryStore({ now }), issuer: "Acme", now });
  const authenticate = (apiKey: string) => (apiKey === "demo-key" ? ada : null);
  const app = express();
  app.use(createTotpRouter({ totp, authenticate, otpauthUri: true }));
  // In a real app, the user of the session.
  const getUser = () => ada;
  app.use("/two-factor", createTotpPages({ totp, getUser, authorizeSetup: "any-session" }));
  app.post("/transfers", requireTotp({ totp, authenticate }), (_req, res) => {
    res.sendStatus(204);
  });
  return { app, totp };
}
