import type { Request, Response } from "express";

/**
 * The argument of the hooks of the pages.
 *
 * @example
 * ```ts
 * const onEnabled = ({ userId }: PageHookInput<number>) => console.log(`User ${userId} has TOTP on`);
 * app.use("/two-factor", createTotpPages({ totp, getUser, authorizeSetup, onEnabled }));
 * ```
 */
export interface PageHookInput<Id> {
  /** The user's id. */
  userId: Id;
  /** The request. */
  req: Request;
  /** The response, for setting cookies. Do not send it. */
  res: Response;
}
