import type { Request } from "express";
import { readClock } from "../base/clock.js";
import { callHook, warnOfEventHook } from "../base/hooks.js";
import type { TotpUser, UserId } from "../base/user.js";
import { toErrorResponse } from "../http/error-response.js";
import { type IdentifyConfig, identify } from "../http/identify.js";
import type { ErrorHook } from "../http/log-error.js";
import { contextOf } from "../http/options.js";
import type { TotpService } from "../service/totp-service.js";

interface Config extends IdentifyConfig {
  totp: TotpService;
  onError: ErrorHook;
  eventContext?: ((req: Request) => unknown) | undefined;
}

/** Identifies the user of a request. Emits an event of the service for a 401. */
export async function identifyFor(
  config: Config,
  req: Request,
): Promise<{ user: TotpUser; userId: UserId }> {
  try {
    return await identify(req, config);
  } catch (error) {
    if (toErrorResponse(error).status === 401) emitUnauthenticated(config, req);
    throw error;
  }
}

function emitUnauthenticated(config: Config, req: Request): void {
  const { onEvent, now } = config.totp.config;
  if (!onEvent) return;
  // Inside the hook, so that a failing clock does not change the response either.
  callHook(() => {
    const context = contextOf(config, req);
    const at = new Date(readClock(now));
    const more = context !== undefined && { context };
    return onEvent({ type: "unauthenticated", by: "user", at, ...more });
  }, warnOfEventHook);
}
