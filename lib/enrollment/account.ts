import type { Awaitable } from "../base/awaitable.js";
import { callWithin } from "../base/call-within.js";
import { type Check, callback } from "../base/checks.js";
import { describeKind } from "../base/describe.js";
import { TotpCallbackError } from "../base/errors.js";
import { optional } from "../base/options.js";
import type { TotpUser, UserId } from "../base/user.js";
import { usableName } from "../otp/names.js";
import { checkName } from "../otp/otpauth-uri.js";

/** How an authenticator app names an enrollment. */
export interface Account {
  issuer: string | undefined;
  accountName: string;
}

/** Where the names come from. */
export interface Naming {
  /** A name that was checked before, or the app's callback that returns one. */
  issuer?: string | (() => Awaitable<string>) | undefined;
  accountName?: ((user: TotpUser) => Awaitable<string>) | undefined;
  timeoutMs: number;
}

export const ACCOUNT_NAME_OPTION = optional(
  callback<(user: TotpUser) => Awaitable<string>>("(user) => string"),
);

/** The option `issuer`: a name, or a callback of the app that returns one. */
export function issuerOption<Callback>() {
  const check: Check<string | Callback> = (option, value) =>
    typeof value === "function" ? (value as Callback) : checkName(option, value);
  return optional(check);
}

/**
 * Asks the app for the names. What the otpauth URI cannot hold is replaced, and an empty account name by the
 * id: a user's name must not keep the user from setting up.
 */
export async function nameAccount(
  { issuer, accountName, timeoutMs }: Naming,
  user: TotpUser,
  userId: UserId,
): Promise<Account> {
  const ask = async (source: string, name: () => Awaitable<string>) =>
    readName(source, await callWithin(source, timeoutMs, name));
  const named = accountName
    ? await ask("accountName", () => accountName(user))
    : readName("the user's accountName", ownName(user));
  return {
    issuer: typeof issuer === "function" ? await ask("issuer", issuer) : issuer,
    // An id of nothing but separators has no usable character.
    accountName: named ?? (usableName(String(userId)) || "account"),
  };
}

function ownName(user: TotpUser): unknown {
  return typeof user === "object" && user !== null && "accountName" in user
    ? user.accountName
    : undefined;
}

/** `undefined` if there is no name, or none that is left of it. */
function readName(source: string, name: unknown): string | undefined {
  if (name === undefined || name === null) return undefined;
  if (typeof name === "string") return usableName(name) || undefined;
  throw new TotpCallbackError(source, { expected: "a string, or null", got: describeKind(name) });
}
