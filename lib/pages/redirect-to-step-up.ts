import type { Request } from "express";
import { invalid } from "../base/checks.js";
import { isOwnOrigin } from "../http/cross-site.js";
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
 * @throws {@link TotpConfigError} if the path is not one of the app itself.
 * @example
 * ```ts
 * const errorHandler = redirectToStepUp("/two-factor");
 * app.get("/payouts", requireTotp({ totp, getUser, freshness, errorHandler }), payouts);
 * ```
 */
export function redirectToStepUp(mountPath: string): ErrorHandler {
  const base = readMountPath(mountPath);
  return (error, req, res, next) => {
    const reason = String(error.reason);
    const page = Object.hasOwn(PAGES, reason) ? PAGES[reason] : undefined;
    // A client that takes anything is a program.
    if (page === undefined || req.accepts(["json", "html"]) !== "html") return next(error);
    const to = readTarget(originOf(req));
    const query = to === undefined ? "" : `?to=${encodeURIComponent(to)}`;
    res.setHeader("Cache-Control", "no-store");
    res.redirect(303, base + page + query);
  };
}

/** Without a slash at its end: two in a row would lead to another host. */
function readMountPath(mountPath: unknown): string {
  const path = readTarget(mountPath);
  if (path === undefined || /[?#]/.test(path)) {
    return invalid("mountPath", 'a path such as "/two-factor"', mountPath);
  }
  return path.replace(/\/$/, "");
}

/** What was asked for; for a form, the page that it was on, as no POST is sent again. */
function originOf(req: Request): string | undefined {
  if (req.method === "GET" || req.method === "HEAD") return req.originalUrl;
  const referrer = req.get("referer");
  if (referrer === undefined || !isOwnOrigin(req, referrer)) return undefined;
  const { pathname, search } = new URL(referrer);
  return pathname + search;
}
