import { randomBytes } from "node:crypto";
import { integerBetween } from "../base/checks.js";
import { describeKind } from "../base/describe.js";
import { TotpConfigError } from "../base/errors.js";
import { type Option, required } from "../base/options.js";
import { decodeBase32, encodeBase32 } from "./base32.js";

/** 160 bits: the length that RFC 4226 §4 (R6) recommends. */
export const DEFAULT_SECRET_BYTES = 20;

/** RFC 4226 §4 (R6) asks for 128 bits at least. */
export const checkSecretBytes = integerBetween(
  16,
  64,
  "RFC 4226 asks for at least 16 bytes (128 bits).",
);

/** The 80-bit secrets that many libraries made are weak, but refusing them locks their users out. */
export const SHORTEST_KEY_BYTES = 10;

/**
 * Draws a secret from `node:crypto`, for an authenticator app.
 *
 * @param bytes - How many random bytes, 16 to 64.
 * @returns Upper-case base32 (RFC 4648 §6) without padding: 32 characters for 20 bytes.
 * @throws {@link TotpConfigError} `INVALID_OPTION` where `bytes` is out of range.
 * @example
 * ```ts
 * const secret = generateSecret(); // such as "QRZ2XSB5D5OQJ4LIUYBV2MIFN5JHTJ3N"
 * ```
 */
export function generateSecret(bytes: number = DEFAULT_SECRET_BYTES): string {
  return generateSecretOf(checkSecretBytes("bytes", bytes));
}

/** {@link generateSecret} for a length that was checked before. */
export function generateSecretOf(bytes: number): string {
  return encodeBase32(randomBytes(bytes));
}

/** The key of a base32 secret. Throws without showing it: an empty secret would make every code known. */
export function decodeSecret(secret: unknown): Buffer {
  const key = typeof secret === "string" ? decodeBase32(secret) : undefined;
  if (key !== undefined && key.length >= SHORTEST_KEY_BYTES) return key;
  throw new TotpConfigError(secret === undefined ? "MISSING_OPTION" : "INVALID_OPTION", "secret", {
    expected: `unpadded upper-case base32 (A-Z, 2-7) of at least ${SHORTEST_KEY_BYTES} bytes`,
    got: describeKind(secret),
  });
}

/** {@link decodeSecret} for a caller that needs the text. */
export function checkSecret(_option: string, secret: unknown): string {
  decodeSecret(secret);
  return secret as string;
}

/** Named, so that declarations read the same under every release of the types of Node. */
export interface SecretKey extends Buffer {}

/** The option `secret`, as its key. */
export const SECRET_OPTION: Option<SecretKey, undefined, true> = required((_, value) =>
  decodeSecret(value),
);
