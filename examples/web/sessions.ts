import { randomBytes } from "node:crypto";
import { promisify } from "node:util";
import type { Request, RequestHandler } from "express";
import session, { type SessionData } from "express-session";

declare module "express-session" {
  interface SessionData {
    /** Who is signed in, both steps done. */
    userId: string;
    /** Whose password was right, and whose code is still to come. This is nobody who is signed in. */
    waiting: { userId: string; until: number };
    /**
     * What the page of a setup shows. It is kept so that the page is the same one after a wrong code or a
     * reload: a new secret would void the one that was just scanned. It opens nothing before it is confirmed.
     */
    setup: { secret: string; otpauthUri: string; qrCodeUrl: string; until: number };
    /** To be said on the next page. */
    notice: { kind: "good" | "bad"; text: string };
  }
}

const HOUR_MS = 3_600_000;

/** Kept in memory, under a secret of this process alone: a restart signs everybody out. */
export function sessions(): RequestHandler {
  return session({
    name: "demo.session",
    secret: randomBytes(32).toString("base64url"),
    resave: false,
    saveUninitialized: false,
    // "auto": over HTTPS only, where the app itself is served over HTTPS.
    cookie: { httpOnly: true, sameSite: "lax", secure: "auto", maxAge: 8 * HOUR_MS },
  });
}

/** A new session with a new id, so that an id which somebody planted before is worth nothing. */
export async function startSession(req: Request, data: Partial<SessionData> = {}): Promise<void> {
  await promisify<void>((done) => req.session.regenerate(done))();
  Object.assign(req.session, data);
}
