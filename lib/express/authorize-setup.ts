import type { Request } from "express";
import { callWithin } from "../base/call-within.js";
import type { TotpUser } from "../base/user.js";
import type { AuthorizeSetup } from "./router-options.js";

interface Config {
  authorizeSetup?: AuthorizeSetup<TotpUser> | undefined;
  timeoutMs: number;
}

/** Allows it only if the callback returns `true`: another truthy value could be a mistake. */
export async function isAuthorized(
  { authorizeSetup, timeoutMs }: Config,
  user: TotpUser,
  req: Request,
): Promise<boolean> {
  if (!authorizeSetup) return true;
  const decision: unknown = await callWithin("authorizeSetup", timeoutMs, () =>
    authorizeSetup(user, req),
  );
  return decision === true;
}
