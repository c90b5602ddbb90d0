// An app that signs users in with Passport and sessions, with TOTP as the second step; users, sessions and TOTP
// are in memory. walk.ts walks through it.
import { randomBytes } from "node:crypto";
import express from "express";
import session from "express-session";
import {
  createMemoryStore,
  createTotpService,
  requireTotp,
  sessionFreshness,
  type TotpStore,
} from "express-totp-setup";
import passport from "passport";
import { Strategy as LocalStrategy } from "passport-local";
import { findByPassword, findUser, type User as OwnUser } from "../users.js";
import { endOlderSessions } from "./older-sessions.js";
import { createSignInRoutes } from "./sign-in.js";

declare global {
  namespace Express {
    interface User extends OwnUser {}
  }
}

// Generated at each start, which ends all sessions. A real app reads it from its configuration.
const SESSION_SECRET = randomBytes(32).toString("base64");

passport.use(
  new LocalStrategy({ usernameField: "email" }, (email, password, done) => {
    findByPassword(email, password).then((user) => done(null, user ?? false), done);
  }),
);
passport.serializeUser((user, done) => done(null, user.id));
passport.deserializeUser((id: string, done) => done(null, findUser(id) ?? false));

export function createApp(store: TotpStore = createMemoryStore()): express.Express {
  const totp = createTotpService<OwnUser>({
    store,
    issuer: "Acme",
    accountName: (user) => user.email,
  });
  const freshness = sessionFreshness({ maxAgeSeconds: 300 });

  const app = express();
  app.use(
    session({
      secret: SESSION_SECRET,
      resave: false,
      saveUninitialized: false,
      // `lax` keeps the cookie out of what other sites send: that is the protection against CSRF.
      cookie: { httpOnly: true, sameSite: "lax", secure: "auto" },
    }),
  );
  app.use(passport.session(), endOlderSessions(totp));
  app.use(createSignInRoutes(totp, freshness));
  app.post("/logout", (req, res, next) => {
    req.logout((error) => (error ? next(error) : res.sendStatus(204)));
  });

  app.get("/account", (req, res) => {
    if (req.user) res.json({ email: req.user.email });
    else res.sendStatus(401);
  });
  // What a stolen session alone must not do. A code from the last five minutes in this session is enough.
  const requireCode = requireTotp({ totp, getUser: (req) => req.user, freshness });
  app.post("/transfers", requireCode, (_req, res) => {
    res.json({ done: true });
  });
  return app;
}
