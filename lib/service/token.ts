import { createHash, randomBytes } from "node:crypto";

const TOKEN_BYTES = 32;
const HASH_BYTES = 16;

/** 256 random bits, base64url: nobody guesses one, so its hash needs neither salt nor stretching. */
export function generateToken(): string {
  return randomBytes(TOKEN_BYTES).toString("base64url");
}

/** What is kept of a token: whoever reads the database can forge none. */
export function hashToken(token: string): string {
  return createHash("sha256").update(token).digest().subarray(0, HASH_BYTES).toString("base64url");
}
