import { randomBytes } from "node:crypto";
import { promisify } from "node:util";
import type { Request, RequestHandler } from "express";
import session, { type SessionData } from "express-session";

declare module "express-session" {
  interface SessionData {
    /** Who is signed in, both steps done. */
    userId: string;
    signedInAt: number;
    /** What `totp.beginLogin` returned for a login whose code is still to come. Nobody is signed in by it. */
    loginSession: string;
    /** To be said on the next page. */
    notice: Notice;
  }
}

interface Notice {
  kind: "good" | "bad";
  text: string;
}

const HOUR_MS = 3_600_000;

/** Kept in memory, under a secret of this process alone: a restart signs everybody out. */
export function sessions(): RequestHandler {
  return session({
    name: "demo.session",
    secret: randomBytes(32).toString("base64url"),
    resave: false,
    saveUninitialized: false,
    // "auto": over HTTPS only, if the app itself is served over HTTPS.
    cookie: { httpOnly: true, sameSite: "lax", secure: "auto", maxAge: 8 * HOUR_MS },
  });
}

/** A new session with a new id, so that an id which somebody planted before is worth nothing. */
export async function startSession(req: Request, data: Partial<SessionData> = {}): Promise<void> {
  await promisify<void>((done) => req.session.regenerate(done))();
  Object.assign(req.session, data);
}

/** Signs a user in, once both steps are done. */
export function signIn(req: Request, userId: string): Promise<void> {
  return startSession(req, { userId, signedInAt: Date.now() });
}
