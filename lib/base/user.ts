import { types } from "node:util";
import { describeKind } from "./describe.js";

/**
 * What identifies a user in the app. It is kept under its text: `1`, `1n` and `"1"` are the same user, and so are an
 * `ObjectId` and its hexadecimal string.
 */
export type UserId = string | number | bigint | UserIdObject;

/** An id that is an object with a text of its own, such as an `ObjectId` of MongoDB or a UUID object. */
export interface UserIdObject {
  toString(): string;
  /** Ids compare themselves; the app's own rows, which must not be taken for ids, do not. */
  equals(other: never): boolean;
}

interface WithAccountName {
  /** How the authenticator app shows the account. */
  readonly accountName?: string | null | undefined;
}

/** A user: an id, or any object with an `id` or an `_id`, such as the app's own user row. */
export type TotpUser =
  | UserId
  | (WithAccountName & { readonly id: UserId })
  | (WithAccountName & { readonly _id: UserId });

/** The type of a user's id. */
export type IdOf<User> = User extends string | number | bigint | BsonValue
  ? User
  : User extends { readonly id: infer Id }
    ? Id
    : User extends { readonly _id: infer Id }
      ? Id
      : User extends UserId
        ? User
        : never;

/** An ObjectId has an `id` too, its bytes; it is an id itself. */
interface BsonValue {
  readonly _bsontype: string;
}

export const USER_ID_EXPECTATION =
  "a user id (non-empty string without control characters, safe integer, bigint, or an object whose own toString() returns such a string)";

export function isUserId(id: unknown): id is UserId {
  if (typeof id === "string") return isIdText(id);
  // Two large numbers can be read as the same float, and one user must never stand for another.
  if (typeof id === "bigint" || Number.isSafeInteger(id)) return true;
  const text = ownText(id);
  // Bytes that are no UTF-8 all print as the same character.
  return text !== undefined && isIdText(text) && !text.includes("\ufffd");
}

function isIdText(text: string): boolean {
  return text.trim() !== "" && !/[\p{Cc}\p{Cs}]/u.test(text);
}

/** The text of an object that says of itself what it is; `undefined` for any other value. */
function ownText(id: unknown): string | undefined {
  if (typeof id !== "object" || id === null || hasOtherMeaning(id)) return undefined;
  const own: unknown = (id as { toString?: unknown }).toString;
  if (typeof own !== "function" || own === Object.prototype.toString) return undefined;
  try {
    const text: unknown = own.call(id);
    // What a template or a driver would make of it must be the same.
    const isText = typeof text === "string" && text === String(id);
    return isText && !text.startsWith("[object ") ? text : undefined;
  } catch {
    return undefined;
  }
}

/** Whether an object has a text that identifies nobody, or that two of its kind can share. */
function hasOtherMeaning(value: object): boolean {
  const isBytes = ArrayBuffer.isView(value);
  const isOther = types.isDate(value) || types.isNativeError(value) || types.isRegExp(value);
  return isBytes || isOther || types.isBoxedPrimitive(value) || Array.isArray(value);
}

/** The id of a user, or of whatever stands in a user's place: its `id`, else its `_id`, else itself. */
export function idOf(user: unknown): unknown {
  if (typeof user !== "object" || user === null || Array.isArray(user)) return user;
  const { id, _id, _bsontype } = user as Partial<Record<"id" | "_id" | "_bsontype", unknown>>;
  const isRow = "id" in user || "_id" in user;
  // An ObjectId has both: the first is its bytes. A row without an id yet is not one by its own text.
  return isRow && typeof _bsontype !== "string" ? (id ?? _id ?? id) : user;
}

/** For the error about a user without a usable id: what came, without its content, and what to return instead. */
export function describeUser(user: unknown): { got: string; fix: string } {
  const id = idOf(user);
  const got = Object.is(id, user) ? describeId(id) : `an object whose id is ${describeId(id)}`;
  const fix = ArrayBuffer.isView(id)
    ? 'Return bytes as a string, such as id.toString("hex").'
    : "Return the id, such as String(user.id), or an object with that as its id or _id.";
  return { got, fix };
}

function describeId(id: unknown): string {
  if (typeof id === "string" && id.trim() !== "") {
    return `${describeKind(id)} with a control character or lone surrogate`;
  }
  return describeKind(id);
}
