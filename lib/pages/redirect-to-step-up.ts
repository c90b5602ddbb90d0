import type { Request } from "express";
import type { ErrorHandler } from "../http/respond.js";
import { readTarget } from "./target.js";

/** Where a refusal of the guard is put right, below where the pages are mounted. */
const PAGES: Readonly<Record<string, string>> = {
  code_required: "/step-up",
  not_enabled: "/setup",
};

/**
 * Creates an `errorHandler` for `requireTotp` that sends people to the page where they can give a code, and
 * from there back to where they came from. Other errors, and clients that do not take HTML, go on to the
 * app's own error handler.
 *
 * @param mountPath - Where `createTotpPages` is mounted, such as `/two-factor`.
 * @example
 * ```ts
 * const errorHandler = redirectToStepUp("/two-factor");
 * app.get("/payouts", requireTotp({ totp, getUser, freshness, errorHandler }), payouts);
 * ```
 */
export function redirectToStepUp(mountPath: string): ErrorHandler {
  return (error, req, res, next) => {
    const page = Object.hasOwn(PAGES, String(error.reason)) ? PAGES[error.reason] : undefined;
    // A client that takes anything is a program.
    if (page === undefined || req.accepts(["json", "html"]) !== "html") return next(error);
    const to = readTarget(originOf(req));
    const query = to === undefined ? "" : `?to=${encodeURIComponent(to)}`;
    res.setHeader("Cache-Control", "no-store");
    res.redirect(303, mountPath + page + query);
  };
}

/** What was asked for; for a form, the page that it was on, as no POST is sent again. */
function originOf(req: Request): string | undefined {
  if (req.method === "GET" || req.method === "HEAD") return req.originalUrl;
  const referrer = req.get("referer");
  if (referrer === undefined || !URL.canParse(referrer)) return undefined;
  const { host, pathname, search } = new URL(referrer);
  return host === req.get("host") ? pathname + search : undefined;
}
