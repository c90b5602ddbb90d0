import { randomBytes } from "node:crypto";
import { integerBetween } from "../base/checks.js";
import { describeKind } from "../base/describe.js";
import { TotpConfigError } from "../base/errors.js";
import { type Option, required } from "../base/options.js";
import { decodeBase32, encodeBase32 } from "./base32.js";

/** 160 bits: the length that RFC 4226 §4 (R6) recommends. */
export const DEFAULT_SECRET_BYTES = 20;

/** RFC 4226 §4 (R6) requires at least 128 bits. */
export const checkSecretBytes = integerBetween(
  16,
  64,
  "RFC 4226 requires at least 16 bytes (128 bits).",
);

/** Many libraries generated secrets of 80 bits. They are weak, but rejecting them would lock their users out. */
export const SHORTEST_KEY_BYTES = 10;

/**
 * Generates a secret for an authenticator app with `node:crypto`.
 *
 * @param bytes - Number of random bytes, 16 to 64. RFC 4226 §4 (R6) recommends 20.
 * @returns Upper-case base32 (RFC 4648 §6) without padding: 32 characters for 20 bytes.
 * @throws {@link TotpConfigError} `INVALID_OPTION` if `bytes` is out of range.
 * @example
 * ```ts
 * const secret = generateSecret(); // such as "QRZ2XSB5D5OQJ4LIUYBV2MIFN5JHTJ3N"
 * ```
 */
export function generateSecret(bytes: number = DEFAULT_SECRET_BYTES): string {
  return generateSecretOf(checkSecretBytes("bytes", bytes));
}

/** {@link generateSecret} for a length that is already checked. */
export function generateSecretOf(bytes: number): string {
  return encodeBase32(randomBytes(bytes));
}

/** Decodes a base32 secret. Throws if it is too short, as an empty one would make codes public; does not show it. */
export function decodeSecret(secret: unknown): Buffer {
  const key = typeof secret === "string" ? decodeBase32(secret) : undefined;
  if (key !== undefined && key.length >= SHORTEST_KEY_BYTES) return key;
  throw new TotpConfigError(secret === undefined ? "MISSING_OPTION" : "INVALID_OPTION", "secret", {
    expected: `unpadded upper-case base32 (A-Z, 2-7) of at least ${SHORTEST_KEY_BYTES} bytes`,
    got: describeKind(secret),
  });
}

/** {@link decodeSecret} for callers that need the text. */
export function checkSecret(_option: string, secret: unknown): string {
  decodeSecret(secret);
  return secret as string;
}

/** A named type, so that the declarations are the same with every release of the types of Node. */
export interface SecretKey extends Buffer {}

/** The option `secret`, decoded. */
export const SECRET_OPTION: Option<SecretKey, undefined, true> = required((_, value) =>
  decodeSecret(value),
);
