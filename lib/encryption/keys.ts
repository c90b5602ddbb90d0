import { randomBytes } from "node:crypto";
import { optionsObject, rejectUnknownOptions } from "../base/checks.js";
import { describeKind } from "../base/describe.js";
import { TotpConfigError } from "../base/errors.js";

/** AES-256. */
const KEY_BYTES = 32;

/** A key for what is kept of users. */
export interface EncryptionKey {
  /** Stands beside each ciphertext, to find the key again: 1 to 32 letters, digits, `-` or `_`. */
  id: string;
  /** 32 bytes, or their base64 as {@link generateKey} gives it. */
  key: string | Uint8Array;
}

/** The keys that values are encrypted and decrypted with. */
export interface EncryptionKeys {
  /** Encrypts and decrypts. */
  current: EncryptionKey;
  /** Only decrypt: keys that were current once. */
  previous?: readonly EncryptionKey[] | undefined;
}

export interface ResolvedKeys {
  currentId: string;
  byId: ReadonlyMap<string, Buffer>;
}

/**
 * Generates a key of 256 random bits, in base64: for an environment variable or a vault.
 *
 * @example
 * ```ts
 * console.log(generateKey()); // such as "2Gx0…=", 44 characters
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
    if (byId.has(id)) throw fault(`${name}.id`, "an id that no other key has", "one that is taken");
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
  // A placeholder, or an array that was never filled.
  if (bytes instanceof Uint8Array && bytes.length > 0 && bytes.every((byte) => byte === bytes[0])) {
    throw fault(option, "a random key", "the same byte throughout", "generateKey() makes one.");
  }
  // A copy: what the app does with its array afterwards must not change the key.
  if (bytes instanceof Uint8Array && bytes.length === KEY_BYTES) return Buffer.from(bytes);
  const got = bytes instanceof Uint8Array ? `${bytes.length} bytes` : describeKind(key);
  throw fault(option, `${KEY_BYTES} bytes, or their base64`, got, "generateKey() makes one.");
}

function readBase64(text: string): Buffer | undefined {
  return /^[\w+/-]+={0,2}$/.test(text) ? Buffer.from(text, "base64") : undefined;
}

/** The got of a key is its kind or length, never the key. */
function fault(option: string, expected: string, got: string, fix?: string): TotpConfigError {
  return new TotpConfigError("INVALID_OPTION", option, { expected, got, fix });
}
