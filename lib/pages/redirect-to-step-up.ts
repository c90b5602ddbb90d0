import type { Request } from "express";
import { invalid } from "../base/checks.js";
import { isOwnOrigin } from "../http/cross-site.js";
import { sendError, toErrorResponse } from "../http/error-response.js";
import type { ErrorHandler, TotpHttpError } from "../http/respond.js";
import { readTarget } from "./target.js";

/** The page that resolves a refusal of the guard, below the mount path. */
const PAGES: Readonly<Record<string, string>> = {
  code_required: "/step-up",
  not_enabled: "/setup",
};
/** Redirects to the app's sign-in page if nobody is signed in, and otherwise says so. */
const NOBODY = "/step-up";

/**
 * Creates an `errorHandler` for `requireTotp` that redirects people to the step-up page, or to the setup if TOTP is
 * off, and from there back to the page that they came from. If nobody is signed in, it redirects to the app's sign-in
 * page. Clients that do not accept HTML receive the guard's JSON response. Other errors are passed to the app's own
 * error handler.
 *
 * @param mountPath - Mount path of `createTotpPages`, such as `/two-factor`.
 * @throws `TotpConfigError` if it is not a path of the app.
 * @example
 * ```ts
 * const errorHandler = redirectToStepUp("/two-factor");
 * app.get("/payouts", requireTotp({ totp, getUser, freshness, errorHandler }), payouts);
 * ```
 */
export function redirectToStepUp(mountPath: string): ErrorHandler {
  const base = readMountPath(mountPath);
  return (error, req, res, next) => {
    // A client that accepts anything is a program.
    if (req.accepts(["json", "html"]) !== "html") return sendError(res, toErrorResponse(error));
    const page = pageFor(error);
    if (page === undefined) return next(error);
    const to = readTarget(originOf(req));
    const query = to === undefined ? "" : `?to=${encodeURIComponent(to)}`;
    res.setHeader("Cache-Control", "no-store");
    res.redirect(303, base + page + query);
  };
}

function pageFor({ status, reason = "" }: TotpHttpError): string | undefined {
  if (status === 401) return NOBODY;
  return Object.hasOwn(PAGES, reason) ? PAGES[reason] : undefined;
}

/** Removes a slash at the end, because two in a row could lead to another host. */
function readMountPath(mountPath: unknown): string {
  const path = readTarget(mountPath);
  if (path === undefined || /[?#]/.test(path)) {
    return invalid("mountPath", 'a path such as "/two-factor"', mountPath);
  }
  return path.replace(/\/$/, "");
}

/** Returns the requested page or, for a form, the page that it was on, because a POST cannot be repeated. */
function originOf(req: Request): string | undefined {
  if (req.method === "GET" || req.method === "HEAD") return req.originalUrl;
  const referrer = req.get("referer");
  if (referrer === undefined || !isOwnOrigin(req, referrer)) return undefined;
  const { pathname, search } = new URL(referrer);
  return pathname + search;
}
