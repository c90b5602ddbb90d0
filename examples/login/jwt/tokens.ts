import { randomBytes } from "node:crypto";
import type { Request } from "express";
import type { TokenResponse } from "express-totp-setup";
import jwt from "jsonwebtoken";

// Generated at each start, which voids all tokens. A real app reads it from its configuration.
const KEY = randomBytes(32);
const AUDIENCE = "acme:api";
const LIFETIME_SECONDS = 900;

/** How a user has signed in, by the names of RFC 8176: with a password, with a one-time password. */
export type Method = "pwd" | "otp";

/** The response to a sign-in that is complete. */
export function issueTokens(userId: string, amr: Method[]): TokenResponse {
  const options = { algorithm: "HS256", audience: AUDIENCE, subject: userId } as const;
  const access_token = jwt.sign({ amr }, KEY, { ...options, expiresIn: LIFETIME_SECONDS });
  return { access_token, token_type: "Bearer", expires_in: LIFETIME_SECONDS };
}

/** Reads the access token of a request. */
export function readAccessToken(req: Request): jwt.JwtPayload | undefined {
  const [, token = ""] = /^Bearer (\S+)$/i.exec(req.get("Authorization") ?? "") ?? [];
  try {
    const claims = jwt.verify(token, KEY, { algorithms: ["HS256"], audience: AUDIENCE });
    return typeof claims === "string" ? undefined : claims;
  } catch {
    return undefined; // Whatever is wrong with it, it is nobody's.
  }
}
