import type { IncomingMessage } from "node:http";
import type { Request, Response } from "express";
import type { UserId } from "../base/user.js";
import { readCookie } from "../http/cookies.js";
import type { ErrorHook } from "../http/log-error.js";
import { contextOf } from "../http/options.js";
import { createReport } from "../http/respond.js";
import type { TotpService } from "../service/totp-service.js";

/** Because of the prefix, browsers accept it only from this host, over HTTPS, and for all paths. */
const DEVICE_COOKIE = "__Host-totp-device";

interface Config {
  totp: TotpService;
  onError: ErrorHook;
  eventContext?: ((req: Request) => unknown) | undefined;
}

/** The login is already complete. If this fails, the device is not trusted, but the user is still signed in. */
export async function trustThisDevice(
  config: Config,
  userId: UserId,
  label: string | undefined,
  req: Request,
): Promise<{ token: string; expiresAt: Date } | undefined> {
  try {
    const context = contextOf(config, req);
    const outcome = await config.totp.trustDevice(userId, { label, context });
    return outcome.ok ? outcome : undefined;
  } catch (error) {
    createReport(config.onError)(error, req);
    return undefined;
  }
}

export function setDeviceCookie(
  res: Response,
  { token, expiresAt }: { token: string; expiresAt: Date },
): void {
  const attributes = "Path=/; HttpOnly; Secure; SameSite=Lax";
  const expires = expiresAt.toUTCString();
  res.append("Set-Cookie", `${DEVICE_COOKIE}=${token}; Expires=${expires}; ${attributes}`);
}

/**
 * Reads the token of a trusted device from the cookie of a request. The pages set this cookie, and so does the router
 * with `deviceCookie`.
 *
 * @returns The token for `beginLogin`, or `undefined` if there is no cookie.
 *
 * @example
 * ```ts
 * const login = await totp.beginLogin(user.id, { deviceToken: readDeviceToken(req) });
 * ```
 */
export function readDeviceToken(req: IncomingMessage): string | undefined {
  return readCookie(req, DEVICE_COOKIE);
}
