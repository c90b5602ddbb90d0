import { readCookie } from "../http/cookies.js";
import type { PageContext } from "./page.js";

const NAME = "totp-setup";

/** Over HTTPS, no sibling domain can set it: browsers accept the prefix only from the host itself. */
function nameFor({ req }: PageContext): string {
  return req.secure ? `__Host-${NAME}` : NAME;
}

/**
 * Remembers the setup that this browser began, so that a reload and a second tab show the same QR code. Nobody else can
 * see it: `resumeSetup` requires the pending secret.
 */
export function rememberSetup(context: PageContext, secret: string, expiresAt: Date): void {
  setCookie(context, secret, `Expires=${expiresAt.toUTCString()}`);
}

export function forgetSetup(context: PageContext): void {
  setCookie(context, "", "Max-Age=0");
}

export function rememberedSetup(context: PageContext): string | undefined {
  return readCookie(context.req, nameFor(context));
}

function setCookie(context: PageContext, value: string, lifetime: string): void {
  const { req, res } = context;
  const attributes = `Path=/; ${lifetime}; HttpOnly; SameSite=Strict${req.secure ? "; Secure" : ""}`;
  res.append("Set-Cookie", `${nameFor(context)}=${value}; ${attributes}`);
}
