import { type Request, type Response, Router } from "express";
import type { TotpService } from "express-totp-setup";
import { fieldOf, requireSignedIn, userOf } from "./visitor.js";

const COOKIE = "demo.device";
const BROWSERS = ["Edg", "OPR", "Firefox", "Chrome", "Safari"];
const SYSTEMS = ["iPhone", "iPad", "Android", "Windows", "Mac", "Linux"];
const NAMES: Readonly<Record<string, string>> = { Edg: "Edge", OPR: "Opera", Mac: "macOS" };

/** Revoking the devices on which signing in asks for no code. */
export function deviceRoutes({ totp }: { totp: TotpService }): Router {
  const router = Router();
  router.post("/security/devices/revoke", requireSignedIn, async (req, res) => {
    await totp.revokeDevice(userOf(res).id, fieldOf(req, "id"));
    req.session.notice = { kind: "good", text: "That device is not trusted any more." };
    res.redirect(303, "/security");
  });
  return router;
}

/**
 * Lets this browser sign in without a code from now on. Its cookie has nothing to do with the session, as it
 * has to outlive it.
 */
export async function trustThisDevice(
  totp: TotpService,
  userId: string,
  req: Request,
  res: Response,
): Promise<void> {
  const device = await totp.trustDevice(userId, { label: deviceLabel(req.get("User-Agent")) });
  if (!device.ok) return;
  res.cookie(COOKIE, device.token, {
    expires: device.expiresAt,
    httpOnly: true,
    sameSite: "lax",
    secure: req.secure,
  });
}

export function deviceTokenOf(req: Request): string | undefined {
  const pairs = (req.get("Cookie") ?? "").split("; ");
  return pairs.find((pair) => pair.startsWith(`${COOKIE}=`))?.slice(COOKIE.length + 1);
}

/** What a user knows a browser by, such as "Firefox on Windows". */
function deviceLabel(userAgent = ""): string {
  const find = (names: string[]) => names.find((name) => userAgent.includes(name)) ?? "";
  const [browser, system] = [find(BROWSERS), find(SYSTEMS)];
  return [NAMES[browser] ?? browser, NAMES[system] ?? system].filter(Boolean).join(" on ");
}
