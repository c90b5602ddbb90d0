import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { invalid, optionsObject, rejectUnknownOptions } from "../base/checks.js";
import { describeKind } from "../base/describe.js";
import { TotpConfigError, TotpStateError } from "../base/errors.js";
import { isUserId, USER_ID_EXPECTATION, type UserId } from "../base/user.js";
import { type EncryptionKeys, isKeyId, type ResolvedKeys, resolveKeys } from "./keys.js";

// "totp1.<key id>.<nonce, ciphertext and tag>": no base64url has a dot, and no state begins like this.
const PREFIX = "totp1";
/** What a ciphertext is for. One that an app made must never pass for a state of the service, nor the reverse. */
export type Purpose = "state" | "text";

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Encrypts texts for a database, bound to the user that they belong to. */
export interface Encrypter {
  /** The text, encrypted under the current key. Twice the same text gives two different values. */
  encrypt(userId: UserId, text: string): string;
  /**
   * The text in a ciphertext.
   *
   * @throws {@link TotpStateError} if the value was changed, belongs to another user, was not made by `encrypt`,
   *   or its key is not among those given.
   */
  decrypt(userId: UserId, ciphertext: string): string;
}

/**
 * Makes an encrypter with AES-256-GCM (NIST SP 800-38D). Purpose, key id and user id are bound as additional data
 * (`totp1.text.<key id>.<user id>`), so a value that is copied to another user cannot be decrypted, and neither can
 * one that a service stored. Nonces are random: make a new current key before one
 * has encrypted 2^32 values.
 *
 * @throws {@link TotpConfigError} where a key is missing or not 32 bytes.
 * @example
 * ```ts
 * const encrypter = createEncrypter({ current: { id: "2026", key: generateKey() } });
 * const ciphertext = encrypter.encrypt(user.id, secret);
 * const secretAgain = encrypter.decrypt(user.id, ciphertext);
 * ```
 */
export function createEncrypter(keys: EncryptionKeys): Encrypter {
  rejectUnknownOptions(optionsObject(keys, "createEncrypter"), ["current", "previous"]);
  const resolved = resolveKeys("keys", keys);
  return {
    encrypt: (userId, text) =>
      encrypt(resolved, "text", checkUserId(userId), checkText("text", text)),
    decrypt: (userId, ciphertext) =>
      decrypt(resolved, "text", checkUserId(userId), checkText("ciphertext", ciphertext)),
  };
}

export function isEncrypted(value: string): boolean {
  return value.startsWith(`${PREFIX}.`);
}

/** Whether a value is encrypted under the key that encrypts now. */
export function isCurrent({ currentId }: ResolvedKeys, value: string): boolean {
  return value.startsWith(`${PREFIX}.${currentId}.`);
}

export function encrypt(
  { currentId, byId }: ResolvedKeys,
  purpose: Purpose,
  userId: string,
  text: string,
): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", byId.get(currentId) as Buffer, nonce);
  cipher.setAAD(bind(purpose, currentId, userId));
  const parts = [nonce, cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()];
  return `${PREFIX}.${currentId}.${Buffer.concat(parts).toString("base64url")}`;
}

export function decrypt(
  { byId }: ResolvedKeys,
  purpose: Purpose,
  userId: string,
  ciphertext: string,
): string {
  const [prefix, keyId = "", body = "", ...rest] = ciphertext.split(".");
  if (prefix !== PREFIX || rest.length > 0) throw new TotpStateError("is not a ciphertext");
  if (!isKeyId(keyId)) throw new TotpStateError("was cut or changed");
  const key = byId.get(keyId);
  if (!key) throw new TotpStateError(`is encrypted under a key that is not given (id ${keyId})`);
  const bytes = Buffer.from(body, "base64url");
  // Read back, because characters that base64 skips or pads would pass the tag unseen.
  if (bytes.length < NONCE_BYTES + TAG_BYTES || bytes.toString("base64url") !== body) {
    throw new TotpStateError("was cut or changed");
  }
  const tagAt = bytes.length - TAG_BYTES;
  const options = { authTagLength: TAG_BYTES };
  const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, NONCE_BYTES), options);
  decipher.setAAD(bind(purpose, keyId, userId));
  decipher.setAuthTag(bytes.subarray(tagAt));
  try {
    const text = decipher.update(bytes.subarray(NONCE_BYTES, tagAt));
    return Buffer.concat([text, decipher.final()]).toString("utf8");
  } catch {
    throw new TotpStateError("was changed, or belongs to another user or purpose");
  }
}

/** Neither a purpose nor a key id has a dot, so nothing else gives the same bytes. */
function bind(purpose: Purpose, keyId: string, userId: string): Buffer {
  return Buffer.from(`${PREFIX}.${purpose}.${keyId}.${userId}`);
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
