import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { invalid, optionsObject, rejectUnknownOptions } from "../base/checks.js";
import { describeKind } from "../base/describe.js";
import { TotpConfigError, TotpStateError } from "../base/errors.js";
import { isUserId, USER_ID_EXPECTATION, type UserId } from "../base/user.js";
import { type EncryptionKeys, isKeyId, type ResolvedKeys, resolveKeys } from "./keys.js";

// "sealed1.<key id>.<nonce, ciphertext and tag>": no base64url has a dot, and no state begins like this.
const PREFIX = "sealed1";
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Encrypts texts for a database, bound to the user that they belong to. */
export interface Sealer {
  /** The text, encrypted under the current key. Twice the same text gives two different values. */
  seal(userId: UserId, text: string): string;
  /**
   * The text in a sealed value.
   *
   * @throws {@link TotpStateError} where the value was changed, belongs to another user, or its key is not
   *   among those given.
   */
  open(userId: UserId, sealed: string): string;
}

/**
 * Makes a sealer with AES-256-GCM (NIST SP 800-38D). User id and key id are bound as additional data, so a
 * value that is copied to another user does not open. Nonces are random: make a new current key before one
 * has sealed 2^32 values.
 *
 * @throws {@link TotpConfigError} where a key is missing or not 32 bytes.
 * @example
 * ```ts
 * const sealer = createSealer({ current: { id: "2026", key: generateKey() } });
 * const sealed = sealer.seal(user.id, secret);
 * const secretAgain = sealer.open(user.id, sealed);
 * ```
 */
export function createSealer(keys: EncryptionKeys): Sealer {
  rejectUnknownOptions(optionsObject(keys, "createSealer"), ["current", "previous"]);
  const resolved = resolveKeys("keys", keys);
  return {
    seal: (userId, text) => seal(resolved, checkUserId(userId), checkText("text", text)),
    open: (userId, sealed) => open(resolved, checkUserId(userId), checkText("sealed", sealed)),
  };
}

export function isSealed(value: string): boolean {
  return value.startsWith(`${PREFIX}.`);
}

/** Whether a value is sealed under the key that seals now. */
export function isCurrent({ currentId }: ResolvedKeys, value: string): boolean {
  return value.startsWith(`${PREFIX}.${currentId}.`);
}

export function seal({ currentId, byId }: ResolvedKeys, userId: string, text: string): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", byId.get(currentId) as Buffer, nonce);
  cipher.setAAD(bind(currentId, userId));
  const parts = [nonce, cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()];
  return `${PREFIX}.${currentId}.${Buffer.concat(parts).toString("base64url")}`;
}

export function open({ byId }: ResolvedKeys, userId: string, sealed: string): string {
  const [prefix, keyId = "", body = "", ...rest] = sealed.split(".");
  if (prefix !== PREFIX || rest.length > 0) throw new TotpStateError("is not a sealed value");
  if (!isKeyId(keyId)) throw new TotpStateError("was cut or changed");
  const key = byId.get(keyId);
  if (!key) throw new TotpStateError(`is sealed under a key that is not given (id ${keyId})`);
  const bytes = Buffer.from(body, "base64url");
  // Read back, because characters that base64 skips or pads would pass the tag unseen.
  if (bytes.length < NONCE_BYTES + TAG_BYTES || bytes.toString("base64url") !== body) {
    throw new TotpStateError("was cut or changed");
  }
  const tagAt = bytes.length - TAG_BYTES;
  const options = { authTagLength: TAG_BYTES };
  const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, NONCE_BYTES), options);
  decipher.setAAD(bind(keyId, userId));
  decipher.setAuthTag(bytes.subarray(tagAt));
  try {
    const text = decipher.update(bytes.subarray(NONCE_BYTES, tagAt));
    return Buffer.concat([text, decipher.final()]).toString("utf8");
  } catch {
    throw new TotpStateError("was changed, or belongs to another user");
  }
}

/** A key id has no dot, so no other pair of ids gives the same bytes. */
function bind(keyId: string, userId: string): Buffer {
  return Buffer.from(`${PREFIX}.${keyId}.${userId}`);
}

/** The got of a text is its kind, as it may be a secret. */
function checkText(name: string, text: unknown): string {
  if (typeof text === "string") return text;
  throw new TotpConfigError(text === undefined ? "MISSING_OPTION" : "INVALID_OPTION", name, {
    expected: "a string",
    got: describeKind(text),
  });
}

function checkUserId(userId: unknown): string {
  return isUserId(userId) ? String(userId) : invalid("userId", USER_ID_EXPECTATION, userId);
}
