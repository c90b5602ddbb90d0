import type { Request } from "express";
import createHttpError from "http-errors";

const SAFE_METHODS = ["GET", "HEAD", "OPTIONS"];

/**
 * Throws a 403 if a page of another site could have made a browser send this request, which includes the user's
 * cookies. `Sec-Fetch-Site` (Fetch Metadata) decides. Browsers omit it over plain HTTP, and then `Origin` decides.
 */
export function rejectCrossSite(req: Request, trustedOrigins: readonly string[]): void {
  if (SAFE_METHODS.includes(req.method)) return;
  const { origin, authorization } = req.headers;
  const site = req.headers["sec-fetch-site"];
  if (origin !== undefined && origin !== "null" && trustedOrigins.includes(origin)) return;
  if (site === "same-origin" || site === "none") return;
  if (site === undefined && (origin === undefined || isOwnOrigin(req, origin))) return;
  // Another site cannot send this header without a preflight request, to which the app responds.
  if (/^bearer +\S/i.test(authorization ?? "")) return;
  throw createHttpError(403, "The request came from another site", { reason: "cross_site" });
}

/**
 * Whether an origin or URL has the request's own host and port. The scheme is not compared, because behind a proxy, the
 * one that the browser used can be unknown.
 */
export function isOwnOrigin(req: Request, origin: string): boolean {
  const host = hostOf(req);
  if (host === undefined || !URL.canParse(origin)) return false;
  const { protocol, host: given } = new URL(origin);
  const own = `${protocol}//${host}`;
  // Parsed as a URL, so that a default port is omitted on both sides.
  return /^https?:$/.test(protocol) && URL.canParse(own) && new URL(own).host === given;
}

function hostOf(req: Request): string | undefined {
  const trust: unknown = req.app?.get("trust proxy fn");
  const isProxied = typeof trust === "function" && trust(req.socket?.remoteAddress, 0) === true;
  const forwarded = isProxied ? req.headers["x-forwarded-host"] : undefined;
  return forwarded === undefined ? req.headers.host : String(forwarded).split(",")[0]?.trim();
}
