import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { BackupCodeSet } from "./state.js";

// Crockford's base32, without I, L, O, and U, which are easily misread.
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const HASH_BYTES = 16;
const SALT_BYTES = 16;

/** Lengths of a code in characters of 5 bits each. 24 meet the 112 bits of NIST SP 800-63B. */
export const BACKUP_CODE_LENGTHS = [16, 20, 24, 28] as const;
export type BackupCodeLength = (typeof BACKUP_CODE_LENGTHS)[number];

const SHAPE = new RegExp(
  `^(?:${BACKUP_CODE_LENGTHS.map((length) => `[${ALPHABET}]{${length}}`).join("|")})$`,
);

/** Codes to be shown once, and the set of their hashes, which is stored. */
export interface GeneratedBackupCodes {
  codes: string[];
  set: BackupCodeSet;
}

/** Generates distinct codes, such as `7M2Q-X0ZK-4TBH-9E1R`. */
export function generateBackupCodes(count: number, length: BackupCodeLength): GeneratedBackupCodes {
  const codes = new Set<string>();
  while (codes.size < count) {
    for (const code of generateCodes(count - codes.size, length)) codes.add(code);
  }
  const salt = randomBytes(SALT_BYTES).toString("base64url");
  const hashes = [...codes].map((code) => hashBackupCode(code, salt).toString("base64url"));
  return { codes: [...codes].map(inGroups), set: { salt, hashes } };
}

/** Normalizes a typed code to the form that is hashed. Returns `undefined` if it cannot be a backup code. */
export function normalizeBackupCode(stripped: string): string | undefined {
  const code = stripped.toUpperCase().replace(/O/g, "0").replace(/[IL]/g, "1");
  return SHAPE.test(code) ? code : undefined;
}

/** Removes a code from the set. Returns `undefined` if it is not in it. All are compared, in constant time. */
export function takeBackupCode(set: BackupCodeSet, code: string): BackupCodeSet | undefined {
  const given = hashBackupCode(code, set.salt);
  const rest = set.hashes.filter((each) => {
    const kept = Buffer.from(each, "base64url");
    return kept.length !== given.length || !timingSafeEqual(kept, given);
  });
  return rest.length < set.hashes.length ? { ...set, hashes: rest } : undefined;
}

/**
 * Whether a state already has the codes that a call generated: its write has succeeded, and the store's client, which
 * did not notice, sent it again.
 */
export function isSameSet(
  kept: BackupCodeSet | undefined,
  set: BackupCodeSet | undefined,
): boolean {
  return set !== undefined && kept?.salt === set.salt;
}

/**
 * HMAC-SHA-256, truncated to 128 bits. Codes of 80 random bits require no slow hash, and the TOTP secret, which is
 * worth as much, is stored next to them.
 */
function hashBackupCode(code: string, salt: string): Buffer {
  const key = Buffer.from(salt, "base64url");
  return createHmac("sha256", key).update(code).digest().subarray(0, HASH_BYTES);
}

/**
 * Generates up to `count` codes with one call for random bytes, which takes longer than a code. 32 divides 256, so all
 * characters are equally likely.
 */
function generateCodes(count: number, length: number): string[] {
  const bytes = randomBytes(count * length);
  const codes = Array.from({ length: count }, (_, index) => {
    let code = "";
    for (const byte of bytes.subarray(index * length, (index + 1) * length)) {
      code += ALPHABET[byte % 32];
    }
    return code;
  });
  // A code of digits only could be mistaken for three TOTP codes.
  return codes.filter((code) => !/^\d+$/.test(code));
}

function inGroups(code: string): string {
  return code.replace(/.{4}(?=.)/g, "$&-");
}
