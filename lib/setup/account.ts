import type { Request } from "express";
import { describeKind } from "../base/describe.js";
import { TotpCallbackError } from "../base/errors.js";
import { callWithin } from "../http/call-within.js";
import type { UserId } from "../http/identify.js";
import { NAME_EXPECTATION, nameProblem } from "../otp/names.js";
import type { SetupConfig } from "./config.js";
import type { TotpUser } from "./options.js";

/** How an authenticator app names an enrolment. */
export interface Account {
  issuer: string | undefined;
  accountName: string;
}

/** Asks the app for the names, and refuses those that an authenticator app could not show or tell apart. */
export async function nameAccount(
  config: SetupConfig,
  user: TotpUser,
  userId: UserId,
  req: Request,
): Promise<Account> {
  const { issuer, timeoutMs } = config;
  if (typeof issuer !== "function") {
    return { issuer, accountName: await nameUser(config, user, userId) };
  }
  const name = await callWithin("issuer", timeoutMs, () => issuer(user, req));
  return { issuer: usable("issuer", name), accountName: await nameUser(config, user, userId) };
}

async function nameUser(
  { accountName, timeoutMs }: SetupConfig,
  user: TotpUser,
  userId: UserId,
): Promise<string> {
  if (accountName) {
    return usable(
      "accountName",
      await callWithin("accountName", timeoutMs, () => accountName(user)),
    );
  }
  const own =
    typeof user === "object" ? (user as { accountName?: unknown }).accountName : undefined;
  if (own !== undefined && own !== null) return usable("the user's accountName", own);
  return usable("the user's id as account name (give the option accountName)", String(userId));
}

function usable(source: string, name: unknown): string {
  const problem = typeof name === "string" ? nameProblem(name) : describeKind(name);
  if (problem === undefined) return name as string;
  throw new TotpCallbackError(source, { expected: NAME_EXPECTATION, got: problem });
}
