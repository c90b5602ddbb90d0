import type { Awaitable } from "../base/awaitable.js";
import { callWithin } from "../base/call-within.js";
import { describeKind } from "../base/describe.js";
import { TotpCallbackError } from "../base/errors.js";
import type { TotpUser, UserId } from "../base/user.js";
import { NAME_EXPECTATION, nameProblem } from "../otp/names.js";

/** How an authenticator app names an enrollment. */
export interface Account {
  issuer: string | undefined;
  accountName: string;
}

interface Naming {
  /** A name that was checked before, or the app's callback that tells one. */
  issuer?: string | (() => Awaitable<string>) | undefined;
  accountName?: ((user: TotpUser) => Awaitable<string>) | undefined;
  timeoutMs: number;
}

/** Asks the app for the names, and refuses those that an authenticator app could not show or tell apart. */
export async function nameAccount(
  { issuer, accountName, timeoutMs }: Naming,
  user: TotpUser,
  userId: UserId,
): Promise<Account> {
  const ask = async (source: string, name: () => Awaitable<string>) =>
    usable(source, await callWithin(source, timeoutMs, name));
  return {
    issuer: typeof issuer === "function" ? await ask("issuer", issuer) : issuer,
    accountName: accountName
      ? await ask("accountName", () => accountName(user))
      : ownName(user, userId),
  };
}

function ownName(user: TotpUser, userId: UserId): string {
  const own = typeof user === "object" && "accountName" in user ? user.accountName : undefined;
  if (own !== undefined && own !== null) return usable("the user's accountName", own);
  return usable("the user's id as account name (give the option accountName)", String(userId));
}

function usable(source: string, name: unknown): string {
  const problem = typeof name === "string" ? nameProblem(name) : describeKind(name);
  if (problem === undefined) return name as string;
  throw new TotpCallbackError(source, { expected: NAME_EXPECTATION, got: problem });
}
