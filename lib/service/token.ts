import { createHash, randomBytes } from "node:crypto";

const TOKEN_BYTES = 32;
const HASH_BYTES = 16;

/** 256 random bits, base64url. They cannot be guessed, so the hash requires neither a salt nor stretching. */
export function generateToken(): string {
  return randomBytes(TOKEN_BYTES).toString("base64url");
}

/** The hash that is stored instead of a token, so that nobody who reads the database can forge one. */
export function hashToken(token: string): string {
  return createHash("sha256").update(token).digest().subarray(0, HASH_BYTES).toString("base64url");
}
