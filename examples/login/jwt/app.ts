// An app that signs users in with JWTs, with TOTP as the second step, all in memory. walk.ts walks through it.
import express, { type Express, type RequestHandler } from "express";
import {
  createMemoryStore,
  createTotpService,
  requireTotp,
  type TotpStore,
} from "express-totp-setup";
import type { User } from "../users.js";
import { createSignInRoutes, getUser } from "./sign-in.js";
import { type Method, readAccessToken } from "./tokens.js";

export function createApp(store: TotpStore = createMemoryStore()): Express {
  const totp = createTotpService<User>({
    store,
    issuer: "Acme",
    accountName: (user) => user.email,
  });

  const app = express();
  app.use(createSignInRoutes(totp));

  app.get("/account", requireMethod("pwd"), (_req, res) => {
    res.json({ email: res.locals.user.email });
  });
  // Not for those who signed in with the password alone.
  app.get("/payouts", requireMethod("otp"), (_req, res) => {
    res.json({ payouts: [] });
  });
  // What a stolen token alone must not do: each request needs a code of its own.
  app.post("/transfers", requireTotp({ totp, getUser }), (_req, res) => {
    res.json({ done: true });
  });
  return app;
}

/** Lets in whose access token says that this was part of the sign-in. */
function requireMethod(method: Method): RequestHandler {
  return (req, res, next) => {
    res.locals.user = getUser(req);
    if (!res.locals.user) res.sendStatus(401);
    else if (!readAccessToken(req)?.amr.includes(method)) res.sendStatus(403);
    else next();
  };
}
