// An app that signs users in with Passport and sessions, with TOTP as the second step; users, sessions and TOTP
// are in memory. walk.ts walks through it.
import { randomBytes } from "node:crypto";
import express from "express";
import session from "express-session";
import {
  createMemoryStore,
  createTotpService,
  requireTotp,
  type TotpStore,
} from "express-totp-setup";
import passport from "passport";
import { Strategy as LocalStrategy } from "passport-local";
import { findByPassword, findUser, type User as OwnUser } from "../users.js";
import { createEnrollmentRoutes } from "./enrollment.js";
import { withUser } from "./responses.js";
import { createSignInRoutes } from "./sign-in.js";

declare global {
  namespace Express {
    interface User extends OwnUser {}
  }
}

// Drawn at each start, which ends all sessions. A real app reads it from its configuration.
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
  app.use(passport.session());
  app.use(express.json());
  app.use(createSignInRoutes(totp));
  app.use("/totp", createEnrollmentRoutes(totp));
  app.post("/logout", (req, res, next) => {
    req.logout((error) => (error ? next(error) : res.sendStatus(204)));
  });

  app.get(
    "/account",
    withUser((user, _req, res) => res.json({ email: user.email })),
  );
  // What a stolen session alone must not do. A code that was accepted in the last five minutes is enough.
  const getUserId = (req: express.Request) => req.user?.id;
  app.post("/transfers", requireTotp({ totp, getUserId, maxAgeSeconds: 300 }), (_req, res) => {
    res.json({ done: true });
  });
  return app;
}
