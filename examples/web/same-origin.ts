import type { RequestHandler } from "express";
import createHttpError from "http-errors";

/**
 * Refuses forms that another site sends with our user's cookie. Browsers say where a request comes from,
 * and a page cannot make them say otherwise; what says nothing is no browser, and has no cookie to steal.
 */
export const requireSameOrigin: RequestHandler = (req, _res, next) => {
  const isSafe = req.method === "GET" || req.method === "HEAD";
  if (isSafe || comesFromHere(req.get("Sec-Fetch-Site"), req.get("Origin"), req.get("Host"))) {
    return next();
  }
  next(createHttpError(403, "This form was sent by another site."));
};

function comesFromHere(site?: string, origin?: string, host?: string): boolean {
  if (site !== undefined) return site === "same-origin" || site === "none";
  // Older browsers, and all of them where it is neither HTTPS nor localhost.
  return origin === undefined || (URL.canParse(origin) && new URL(origin).host === host);
}
