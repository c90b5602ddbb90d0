import { readCookie } from "../http/cookies.js";
import type { PageContext } from "./page.js";
import { readTarget } from "./target.js";

const NAME = "totp-setup";

/**
 * Remembers in this browser which setup it began, so that a reload and a second tab show the same QR code.
 * Nobody else is shown it: `resumeSetup` renders only a pending secret that it is given.
 */
export function rememberSetup(context: PageContext, secret: string, expiresAt: Date): void {
  setCookie(context, secret, `Expires=${expiresAt.toUTCString()}`);
}

export function forgetSetup(context: PageContext): void {
  setCookie(context, "", "Max-Age=0");
}

export function rememberedSetup({ req }: PageContext): string | undefined {
  return readCookie(req, NAME);
}

function setCookie({ req, res, base }: PageContext, value: string, lifetime: string): void {
  // A mount path with parameters comes as the client wrote it.
  const path = readTarget(base)?.replace(/[;,\s]/g, "") || "/";
  const secure = req.secure ? "; Secure" : "";
  res.append(
    "Set-Cookie",
    `${NAME}=${value}; Path=${path}; ${lifetime}; HttpOnly; SameSite=Strict${secure}`,
  );
}
