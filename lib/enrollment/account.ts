import type { Awaitable } from "../base/awaitable.js";
import { callWithin } from "../base/call-within.js";
import { type Check, callback } from "../base/checks.js";
import { describeKind } from "../base/describe.js";
import { TotpCallbackError } from "../base/errors.js";
import { optional } from "../base/options.js";
import type { TotpUser, UserId } from "../base/user.js";
import { usableName } from "../otp/names.js";
import { checkName } from "../otp/otpauth-uri.js";

/** The two names that an authenticator app shows. */
export interface Account {
  issuer: string | undefined;
  accountName: string;
}

/** The options and callbacks that the names come from. */
export interface Naming {
  /** A name that is already checked, or the app's callback that returns one. */
  issuer?: string | (() => Awaitable<string>) | undefined;
  accountName?: ((user: TotpUser) => Awaitable<string>) | undefined;
  timeoutMs: number;
}

export const ACCOUNT_NAME_OPTION = optional(
  callback<(user: TotpUser) => Awaitable<string>>("(user) => string"),
);

/** The option `issuer`: a name, or a callback that returns one. */
export function issuerOption<Callback>() {
  const check: Check<string | Callback> = (option, value) =>
    typeof value === "function" ? (value as Callback) : checkName(option, value);
  return optional(check);
}

/**
 * Gets both names from the app. Replaces what the otpauth URI cannot contain, and an empty account name with the id: a
 * user's name must not prevent the setup.
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
    // An id is never blank, so something of it is usable.
    accountName: named ?? usableName(String(userId)),
  };
}

function ownName(user: TotpUser): unknown {
  return typeof user === "object" && user !== null && "accountName" in user
    ? user.accountName
    : undefined;
}

/** Returns `undefined` if there is no name, or if nothing usable is left of it. */
function readName(source: string, name: unknown): string | undefined {
  if (name === undefined || name === null) return undefined;
  if (typeof name === "string") return usableName(name) || undefined;
  throw new TotpCallbackError(source, { expected: "a string, or null", got: describeKind(name) });
}
