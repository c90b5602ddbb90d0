import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { invalid, optionsObject, rejectUnknownOptions } from "../base/checks.js";
import { describeKind } from "../base/describe.js";
import { TotpConfigError, TotpStateError } from "../base/errors.js";
import { isUserId, USER_ID_EXPECTATION, type UserId } from "../base/user.js";
import { type EncryptionKeys, isKeyId, type ResolvedKeys, resolveKeys } from "./keys.js";

// "totp1.<key id>.<nonce, ciphertext and tag>": base64url contains no dot, and no plaintext state begins like this.
const PREFIX = "totp1";
/**
 * What a ciphertext is for. One that an app created must never be accepted as a state of the service, or vice versa.
 */
export type Purpose = "state" | "text";

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Encrypts texts for a database, each bound to its user. Created by {@link createEncrypter}.
 *
 * @example
 * ```ts
 * const protect = (encrypter: Encrypter, secret: string) => encrypter.encrypt(user.id, secret);
 * ```
 */
export interface Encrypter {
  /**
   * Encrypts a text with the current key. The same text results in a different ciphertext each time.
   *
   * @throws {@link TotpConfigError} if the user id or the text is invalid.
   */
  encrypt(userId: UserId, text: string): string;
  /**
   * Decrypts a ciphertext of the same user.
   *
   * @throws {@link TotpStateError} if the ciphertext was changed, belongs to another user, was not created by
   *   `encrypt`, or was encrypted with a key that is not in `keys`.
   */
  decrypt(userId: UserId, ciphertext: string): string;
}

/**
 * Creates an encrypter with AES-256-GCM (NIST SP 800-38D), for secrets in your own table. The key id and the user id
 * are authenticated as additional data (`totp1.text.<key id>.<user id>`), so a ciphertext that is copied to another
 * user cannot be decrypted. Neither can one that the service stored. Nonces are random: make a new key the current one
 * before it has encrypted 2^32 values.
 *
 * @param keys - The current key, and earlier ones that only decrypt.
 * @throws {@link TotpConfigError} if a key is missing or not 32 bytes, or two keys have the same id.
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

/** Whether a value is encrypted with the current key. */
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
  if (!isKeyId(keyId)) throw new TotpStateError("was truncated or changed");
  const key = byId.get(keyId);
  if (!key)
    throw new TotpStateError(
      `is encrypted with a key that is not configured (id ${keyId})`,
      "Add that key to previous.",
    );
  const bytes = Buffer.from(body, "base64url");
  // Compared after encoding it again: the decoder skips invalid characters, which the tag does not authenticate.
  if (bytes.length < NONCE_BYTES + TAG_BYTES || bytes.toString("base64url") !== body) {
    throw new TotpStateError("was truncated or changed");
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

/** Neither a purpose nor a key id contains a dot, so different inputs never result in the same bytes. */
function bind(purpose: Purpose, keyId: string, userId: string): Buffer {
  return Buffer.from(`${PREFIX}.${purpose}.${keyId}.${userId}`);
}

/** The error shows only the kind of the value, because a text can be a secret. */
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
