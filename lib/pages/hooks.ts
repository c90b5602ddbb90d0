import { callWithin } from "../base/call-within.js";
import type { UserId } from "../base/user.js";
import { rememberInSession } from "../express/after-code.js";
import { createReport } from "../http/respond.js";
import type { PageContext } from "./page.js";

/**
 * Calls the app's hook and makes the session fresh, after TOTP was enabled. Failures are reported, so that the backup
 * codes are still shown.
 */
export async function enabled(context: PageContext, userId: UserId): Promise<void> {
  const { config, req, res } = context;
  await callReporting(context, "onEnabled", () => config.onEnabled?.({ userId, req, res }));
  await reporting(context, () => rememberInSession(config, req, userId));
}

/** Calls a hook of the app. If it fails, the error is reported. */
export function callReporting(
  context: PageContext,
  name: string,
  hook: () => unknown,
): Promise<void> {
  return reporting(context, async () => callWithin(name, context.config.timeoutMs, hook));
}

/** If the work fails, the error is reported. */
export async function reporting(
  { config, req }: PageContext,
  work: () => Promise<unknown>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    createReport(config.onError)(error, req);
  }
}
