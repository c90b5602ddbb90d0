import { PAGES_AT } from "./apps.js";
import type { Reply } from "./wire.js";

/** What the pages respond with, by path and method. */
const READ = [200, 303, 401];
const OF_FORM = [200, 303, 400, 401, 403, 408, 413, 429];
const STATUSES: Readonly<Record<string, { GET: readonly number[]; POST?: readonly number[] }>> = {
  "": { GET: READ },
  "/setup": { GET: READ, POST: OF_FORM },
  "/setup/confirm": { GET: [303], POST: [...OF_FORM, 409, 422] },
  "/backup-codes": { GET: READ, POST: [...OF_FORM, 409] },
  "/turn-off": { GET: READ, POST: OF_FORM },
  "/devices": { GET: [303], POST: OF_FORM },
  "/login": { GET: READ, POST: [...OF_FORM, 409, 422] },
  "/login/setup": { GET: [303], POST: OF_FORM },
  "/step-up": { GET: READ, POST: [...OF_FORM, 409, 422] },
};

const HEADERS: Readonly<Record<string, string>> = {
  "content-type": "text/html; charset=utf-8",
  "cache-control": "no-store",
  "content-security-policy": "frame-ancestors 'none'; base-uri 'none'",
  "x-frame-options": "DENY",
  "x-content-type-options": "nosniff",
  "referrer-policy": "same-origin",
};
const COOKIES =
  /^(?:totp-setup|__Host-totp-setup|__Host-totp-device)=[\w-]*; [\w=;, :-]+(?:\/; )?[\w=;, :-]*$/;
/** What some requests have in them, and no page may show as markup. */
const INJECTED = /<fuzz/i;

/** As Express reads a path: in any case, with or without a slash at its end. */
function pageOf(path: string): string | undefined {
  const lower = path.toLowerCase();
  if (!lower.startsWith(PAGES_AT)) return undefined;
  const page = lower.slice(PAGES_AT.length).replace(/\/$/, "");
  return Object.hasOwn(STATUSES, page) ? page : undefined;
}

export function isPagePath(path: string): boolean {
  return pageOf(path) !== undefined;
}

/** Express 4 takes one more slash behind the path of `app.use`. */
function withoutSlash(path: string): string {
  return path.startsWith("//", PAGES_AT.length) ? path.replace("//", "/") : path;
}

export function checkPage(reply: Reply): string[] {
  const { status, headers, body, asked } = reply;
  const { method = "", path = "" } = asked ?? {};
  const page = pageOf(withoutSlash(path));
  if (page === undefined) return ["path is not one of the pages"];
  const problems = checkStatus(status, method, page);
  for (const cookie of headers["set-cookie"]?.split("\n") ?? []) {
    if (!COOKIES.test(cookie)) problems.push(`cookie ${cookie}`);
  }
  if (status === 303) return [...problems, ...checkRedirect(headers)];
  for (const [name, value] of Object.entries(HEADERS)) {
    if (headers[name] !== value) problems.push(`header ${name}`);
  }
  if (method === "HEAD") return problems;
  const isWhole = body.startsWith("<!doctype html>") && body.trimEnd().endsWith("</html>");
  if (!isWhole) problems.push("body is not a whole page");
  if (INJECTED.test(body)) problems.push("body has markup of the request");
  return problems;
}

function checkStatus(status: number, method: string, page: string): string[] {
  const statuses = STATUSES[page];
  const known = method === "HEAD" ? statuses?.GET : statuses?.[method as "GET" | "POST"];
  const expected = known ?? [403, 405];
  return expected.includes(status) ? [] : [`status ${status} is not one of ${expected.join(", ")}`];
}

function checkRedirect(headers: Record<string, string>): string[] {
  const isOwn = /^\/(?![/\\])[\x21-\x7e]*$/.test(headers.location ?? "");
  return [
    ...(isOwn ? [] : [`Location ${headers.location}`]),
    ...(headers["cache-control"] === "no-store" ? [] : ["header cache-control"]),
  ];
}
