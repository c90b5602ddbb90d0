import { isUserId, type UserId, type UserIdObject } from "../base/user.js";
import { generateToken } from "./token.js";

const SHAPE = /^([snb])([\w-]+)\.[\w-]{43}$/;
/** Room for user ids of 6 KB; what a client sends beyond it is not looked at. */
const LONGEST = 8192;

/** An id that a session id can contain with its type. */
type PlainUserId = Exclude<UserId, UserIdObject>;

/** A new session id: the user's id with its type, and a token. Both are hashed together. */
export function createSessionId(userId: UserId): string {
  const type = typeof userId === "number" ? "n" : typeof userId === "bigint" ? "b" : "s";
  return `${type}${Buffer.from(String(userId)).toString("base64url")}.${generateToken()}`;
}

/**
 * The user whose session it claims to be: strings, numbers and bigints as they were, objects as their
 * string. `undefined` if no session id looks like that.
 */
export function userOfSessionId(sessionId: unknown): PlainUserId | undefined {
  if (typeof sessionId !== "string" || sessionId.length > LONGEST) return undefined;
  const [, type, encoded = ""] = SHAPE.exec(sessionId) ?? [];
  if (type === undefined) return undefined;
  const userId = decodeUserId(type, Buffer.from(encoded, "base64url").toString());
  // Altered, it may decode to what is nobody's id, such as a control character.
  return isUserId(userId) ? userId : undefined;
}

function decodeUserId(type: string, text: string): PlainUserId | undefined {
  if (type === "s") return text;
  if (!/^-?\d+$/.test(text)) return undefined;
  return type === "n" ? Number(text) : BigInt(text);
}
