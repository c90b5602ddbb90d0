import { types } from "node:util";
import { describeKind } from "./describe.js";

/**
 * The id of a user. It is stored as text, so `1`, `1n`, and `"1"` are the same user, and so are an `ObjectId` and its
 * hexadecimal string.
 *
 * @example
 * ```ts
 * const ids: UserId[] = [7, 7n, "7", "f47ac10b-58cc-4372-a567-0e02b2c3d479"];
 * ```
 */
export type UserId = string | number | bigint | UserIdObject;

/**
 * An id that is an object, such as an `ObjectId` of MongoDB or a UUID object.
 *
 * @example
 * ```ts
 * const id: UserIdObject = {
 *   toString: () => "65f1c0ffee65f1c0ffee65f1",
 *   equals: (other) => String(other) === "65f1c0ffee65f1c0ffee65f1",
 * };
 * ```
 */
export interface UserIdObject {
  /** Returns the text that identifies the user. */
  toString(): string;
  /** Compares two ids. Distinguishes ids from the app's own rows, which have no such method. */
  equals(other: never): boolean;
}

interface WithAccountName {
  /** The name of the account in the authenticator app. */
  readonly accountName?: string | null | undefined;
}

/**
 * A user: an id, or an object with an `id` or `_id`, such as a row of the app's users table. If the object has an
 * `accountName`, the authenticator app shows it.
 *
 * @example
 * ```ts
 * const ada: TotpUser = { id: 7, accountName: "ada@example.com" };
 * const ines: TotpUser = "f47ac10b-58cc-4372-a567-0e02b2c3d479";
 * ```
 */
export type TotpUser =
  | UserId
  | (WithAccountName & {
      /** The user's id. */
      readonly id: UserId;
    })
  | (WithAccountName & {
      /** The user's id, if there is no `id`. */
      readonly _id: UserId;
    });

/**
 * The type of a user's id: of `id`, else of `_id`, else of the user itself.
 *
 * @example
 * ```ts
 * interface Row {
 *   id: number;
 *   email: string;
 * }
 * const id: IdOf<Row> = 7;
 * ```
 */
export type IdOf<User> = User extends string | number | bigint | BsonValue
  ? User
  : User extends { readonly id: infer Id }
    ? Id
    : User extends { readonly _id: infer Id }
      ? Id
      : User extends UserId
        ? User
        : never;

/** An ObjectId also has an `id`, which is its bytes. The ObjectId itself is the id. */
interface BsonValue {
  readonly _bsontype: string;
}

export const USER_ID_EXPECTATION =
  "a user id (non-empty string without control characters, safe integer, bigint, or an object whose own toString() returns such a string)";

export function isUserId(id: unknown): id is UserId {
  if (typeof id === "string") return isIdText(id);
  // Two large integers can be parsed as the same float, and one user must never be mistaken for another.
  if (typeof id === "bigint" || Number.isSafeInteger(id)) return true;
  const text = ownText(id);
  // Bytes that are not UTF-8 are all printed as the same character.
  return text !== undefined && isIdText(text) && !text.includes("\ufffd");
}

function isIdText(text: string): boolean {
  return text.trim() !== "" && !/[\p{Cc}\p{Cs}]/u.test(text);
}

/** Returns the text of an object that has its own `toString`, or `undefined` for any other value. */
function ownText(id: unknown): string | undefined {
  if (typeof id !== "object" || id === null || hasOtherMeaning(id)) return undefined;
  const own: unknown = (id as { toString?: unknown }).toString;
  if (typeof own !== "function" || own === Object.prototype.toString) return undefined;
  try {
    const text: unknown = own.call(id);
    // Templates and drivers must convert it to the same text.
    const isText = typeof text === "string" && text === String(id);
    return isText && !text.startsWith("[object ") ? text : undefined;
  } catch {
    return undefined;
  }
}

/** Whether the text of an object identifies nobody, or can be the same for two different objects. */
function hasOtherMeaning(value: object): boolean {
  const isBytes = ArrayBuffer.isView(value);
  const isOther = types.isDate(value) || types.isNativeError(value) || types.isRegExp(value);
  return isBytes || isOther || types.isBoxedPrimitive(value) || Array.isArray(value);
}

/** Returns the id of a user, which can be any value: its `id`, else its `_id`, else the value itself. */
export function idOf(user: unknown): unknown {
  if (typeof user !== "object" || user === null || Array.isArray(user)) return user;
  const { id, _id, _bsontype } = user as Partial<Record<"id" | "_id" | "_bsontype", unknown>>;
  const isRow = "id" in user || "_id" in user;
  // An ObjectId has an `id`, which is its bytes. A row that has no id yet must not become an id by its own text.
  return isRow && typeof _bsontype !== "string" ? (id ?? _id ?? id) : user;
}

/** Describes a user without a usable id, for an error: what it is, without its content, and what to return instead. */
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
