import { randomBytes } from "node:crypto";
import type { TokenResponse } from "express-totp-setup";
import jwt from "jsonwebtoken";

interface Kind {
  key: Buffer;
  audience: string;
  seconds: number;
}

// Two kinds, with a key and an audience each, so that neither is ever taken for the other. The keys are
// drawn at each start, which voids all tokens. A real app reads them from its configuration.
const ACCESS: Kind = { key: randomBytes(32), audience: "acme:api", seconds: 900 };
const WAITING: Kind = { key: randomBytes(32), audience: "acme:second-step", seconds: 300 };

/** How a user has signed in, by the names of RFC 8176: with a password, with a one-time password. */
export type Method = "pwd" | "otp";

/** The answer to a sign-in that is done. */
export function issueTokens(userId: string, amr: Method[]): TokenResponse {
  const access_token = sign(ACCESS, userId, { amr });
  return { access_token, token_type: "Bearer", expires_in: ACCESS.seconds };
}

/** The answer to a right password where a code is still missing. */
export function issueSessionId(userId: string): TokenResponse {
  return { session_id: sign(WAITING, userId, {}), requires_action: "totp" };
}

/** Reads the value of an `Authorization` header. */
export function readAccessToken(header: string): jwt.JwtPayload | undefined {
  const [, token = ""] = /^Bearer (\S+)$/i.exec(header) ?? [];
  return read(ACCESS, token);
}

export function readSessionId(sessionId: string): jwt.JwtPayload | undefined {
  return read(WAITING, sessionId);
}

function sign({ key, audience, seconds }: Kind, userId: string, claims: object): string {
  const options = { algorithm: "HS256", audience, subject: userId, expiresIn: seconds } as const;
  return jwt.sign(claims, key, options);
}

function read({ key, audience }: Kind, token: string): jwt.JwtPayload | undefined {
  try {
    const claims = jwt.verify(token, key, { algorithms: ["HS256"], audience });
    return typeof claims === "string" ? undefined : claims;
  } catch {
    return undefined; // Whatever is wrong with it, it is nobody's.
  }
}
