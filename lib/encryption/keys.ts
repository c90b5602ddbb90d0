import { randomBytes } from "node:crypto";
import { optionsObject, rejectUnknownOptions } from "../base/checks.js";
import { describeKind } from "../base/describe.js";
import { TotpConfigError } from "../base/errors.js";

/** AES-256. */
const KEY_BYTES = 32;
const USE_GENERATE_KEY = "Generate one with generateKey().";
const IS_IT_SET = "Is its environment variable set?";

/**
 * A key that encrypts stored values.
 *
 * @example
 * ```ts
 * const current: EncryptionKey = { id: "2026", key: process.env.TOTP_KEY ?? "" };
 * const encrypter = createEncrypter({ current });
 * ```
 */
export interface EncryptionKey {
  /** Names the key in each ciphertext: 1 to 32 letters, digits, `-`, or `_`. */
  id: string;
  /** 32 bytes, or their base64, as {@link generateKey} returns it. */
  key: string | Uint8Array;
}

/**
 * The keys that encrypt and decrypt stored values.
 *
 * @example
 * ```ts
 * const keys: EncryptionKeys = {
 *   current: { id: "2026", key: generateKey() },
 *   previous: [{ id: "2025", key: generateKey() }],
 * };
 * ```
 */
export interface EncryptionKeys {
  /** The key that encrypts. It also decrypts. */
  current: EncryptionKey;
  /** Earlier keys, which only decrypt. */
  previous?: readonly EncryptionKey[] | undefined;
}

export interface ResolvedKeys {
  currentId: string;
  byId: ReadonlyMap<string, Buffer>;
}

/**
 * Generates a key of 256 random bits, to be stored in an environment variable or a vault.
 *
 * @returns 44 characters of base64.
 * @example
 * ```ts
 * console.log(generateKey()); // such as "2Gx0…="
 * ```
 */
export function generateKey(): string {
  return randomBytes(KEY_BYTES).toString("base64");
}

export function resolveKeys(option: string, given: EncryptionKeys): ResolvedKeys {
  const byId = new Map<string, Buffer>();
  const add = (name: string, entry: EncryptionKey) => {
    rejectUnknownOptions(optionsObject(entry, name), ["id", "key"], `${name}.`);
    const id = checkId(`${name}.id`, entry.id);
    if (byId.has(id)) throw fault(`${name}.id`, "an id that no other key has", "a duplicate");
    byId.set(id, readKey(`${name}.key`, entry.key));
    return id;
  };
  const currentId = add(`${option}.current`, given.current);
  const previous: unknown = given.previous ?? [];
  if (!Array.isArray(previous)) {
    throw fault(`${option}.previous`, "an array of keys", describeKind(previous));
  }
  for (const [index, entry] of previous.entries()) add(`${option}.previous[${index}]`, entry);
  return { currentId, byId };
}

export function isKeyId(id: unknown): id is string {
  return typeof id === "string" && /^[\w-]{1,32}$/.test(id);
}

function checkId(option: string, id: unknown): string {
  if (isKeyId(id)) return id;
  throw fault(option, "1 to 32 letters, digits, - or _", describeKind(id));
}

function readKey(option: string, key: unknown): Buffer {
  const bytes = typeof key === "string" ? readBase64(key) : key;
  // A placeholder, or a buffer that was never filled.
  if (bytes instanceof Uint8Array && bytes.length > 0 && bytes.every((byte) => byte === bytes[0])) {
    throw fault(option, "a random key", "the same byte throughout", USE_GENERATE_KEY);
  }
  // A copy, so that the key does not change if the app changes its array.
  if (bytes instanceof Uint8Array && bytes.length === KEY_BYTES) return Buffer.from(bytes);
  const got = bytes instanceof Uint8Array ? `${bytes.length} bytes` : describeKind(key);
  // Another key would make everything unreadable that the missing one has encrypted.
  const fix = key === undefined || key === "" ? IS_IT_SET : USE_GENERATE_KEY;
  throw fault(option, `${KEY_BYTES} bytes, or their base64`, got, fix);
}

function readBase64(text: string): Buffer | undefined {
  return /^[\w+/-]+={0,2}$/.test(text) ? Buffer.from(text, "base64") : undefined;
}

/** `got` is the kind or the length of a key, never the key itself. */
function fault(option: string, expected: string, got: string, fix?: string): TotpConfigError {
  return new TotpConfigError("INVALID_OPTION", option, { expected, got, fix });
}
