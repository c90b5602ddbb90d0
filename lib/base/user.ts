/** What identifies a user in the app. */
export type UserId = string | number | bigint;

/** A user: an id, or any object with one, such as the app's own user row. */
export type TotpUser = UserId | { readonly id: UserId; readonly accountName?: string | null };

/** The type of a user's id. */
export type IdOf<User> = User extends UserId
  ? User
  : User extends { readonly id: infer Id }
    ? Id
    : never;

export const USER_ID_EXPECTATION =
  "a user id (non-empty string without control characters, safe integer, or bigint)";

export function isUserId(id: unknown): id is UserId {
  if (typeof id === "string") return id.trim() !== "" && !/[\p{Cc}\p{Cs}]/u.test(id);
  // Two large numbers can be read as the same float, and one user must never stand for another.
  return typeof id === "bigint" || Number.isSafeInteger(id);
}

/** The id of a user, or of whatever stands in a user's place. */
export function idOf(user: unknown): unknown {
  const isObject = typeof user === "object" && user !== null && !Array.isArray(user);
  return isObject ? (user as { id?: unknown }).id : user;
}
