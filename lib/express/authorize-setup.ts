import type { Request } from "express";
import { callWithin } from "../base/call-within.js";
import type { TotpUser } from "../base/user.js";
import type { AuthorizeSetup } from "./router-options.js";

interface Config {
  authorizeSetup?: AuthorizeSetup<TotpUser> | undefined;
  timeoutMs: number;
}

/** Only `true` allows it: a truthy object may be a result of another kind. */
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
