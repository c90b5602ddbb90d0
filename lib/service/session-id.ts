import { isUserId, type UserId, type UserIdObject } from "../base/user.js";
import { generateToken } from "./token.js";

const SHAPE = /^([snb])([\w-]+)\.[\w-]{43}$/;
/** Room for user ids of 6 KB. Longer texts from clients are rejected unread. */
const LONGEST = 8192;

/** An id that a session id can contain together with its type. */
type PlainUserId = Exclude<UserId, UserIdObject>;

/** Creates a session id: the user's id with its type, and a token. They are hashed together. */
export function createSessionId(userId: UserId): string {
  const type = typeof userId === "number" ? "n" : typeof userId === "bigint" ? "b" : "s";
  return `${type}${Buffer.from(String(userId)).toString("base64url")}.${generateToken()}`;
}

/**
 * Reads the user id from a session id, which can be forged. Strings, numbers, and bigints keep their type; objects
 * become strings. Returns `undefined` if the text cannot be a session id.
 */
export function userOfSessionId(sessionId: unknown): PlainUserId | undefined {
  if (typeof sessionId !== "string" || sessionId.length > LONGEST) return undefined;
  const [, type, encoded = ""] = SHAPE.exec(sessionId) ?? [];
  if (type === undefined) return undefined;
  const userId = decodeUserId(type, Buffer.from(encoded, "base64url").toString());
  // A forged session id can contain an invalid user id, such as one with a control character.
  return isUserId(userId) ? userId : undefined;
}

function decodeUserId(type: string, text: string): PlainUserId | undefined {
  if (type === "s") return text;
  if (!/^-?\d+$/.test(text)) return undefined;
  return type === "n" ? Number(text) : BigInt(text);
}
