import { randomBytes, randomInt, scrypt, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";
import type { BackupCodeSet } from "./state.js";

// Crockford's base32: no I, L, O or U, which are read or said wrongly.
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const LENGTH = 10;
const HASH_BYTES = 16;
const SALT_BYTES = 16;

const derive = promisify<string, Buffer, number, { N: number; maxmem: number }, Buffer>(scrypt);

/** Codes to be shown once, and the set that is kept of them. */
export interface GeneratedBackupCodes {
  codes: string[];
  set: BackupCodeSet;
}

/** Draws codes of 50 random bits each, such as `7M2QX-0ZK4T`, all different. */
export async function generateBackupCodes(
  count: number,
  cost: number,
): Promise<GeneratedBackupCodes> {
  const drawn = new Set<string>();
  while (drawn.size < count) drawn.add(generateCode());
  const salt = randomBytes(SALT_BYTES).toString("base64url");
  const hashes = await Promise.all([...drawn].map((code) => hashBackupCode(code, { salt, cost })));
  return { codes: [...drawn].map(format), set: { salt, cost, hashes } };
}

/** What a user typed as a backup code, in the one form that is hashed; `undefined` for all else. */
export function normalizeBackupCode(code: string): string | undefined {
  if (code.length > 64) return undefined;
  const normalized = code
    .replace(/[\s\p{Pd}]/gu, "")
    .toUpperCase()
    .replace(/O/g, "0")
    .replace(/[IL]/g, "1");
  return /^[0-9A-HJKMNP-TV-Z]{10}$/.test(normalized) ? normalized : undefined;
}

/** Hashes a normalized code with scrypt (RFC 7914), off the main thread. */
export async function hashBackupCode(
  normalized: string,
  { salt, cost }: Pick<BackupCodeSet, "salt" | "cost">,
): Promise<string> {
  const options = { N: cost, maxmem: 256 * cost * 8 };
  const hash = await derive(normalized, Buffer.from(salt, "base64url"), HASH_BYTES, options);
  return hash.toString("base64url");
}

/** The set without the code of this hash, or `undefined` where it has none such. */
export function takeBackupCode(set: BackupCodeSet, hash: string): BackupCodeSet | undefined {
  const given = Buffer.from(hash);
  const rest = set.hashes.filter((each) => {
    const kept = Buffer.from(each);
    return kept.length !== given.length || !timingSafeEqual(kept, given);
  });
  return rest.length < set.hashes.length ? { ...set, hashes: rest } : undefined;
}

function generateCode(): string {
  return Array.from({ length: LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join("");
}

function format(code: string): string {
  return `${code.slice(0, LENGTH / 2)}-${code.slice(LENGTH / 2)}`;
}
