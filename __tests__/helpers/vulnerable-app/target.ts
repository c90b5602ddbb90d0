import type { HasBug } from "./bugs.js";

const BASE = "http://app.test";

/** Returns where to redirect to after the code. */
export function targetOf(to: unknown, has: HasBug): string {
  if (typeof to !== "string") return "/";
  if (has("redirects anywhere")) return to;
  if (has("redirects to what begins with a slash") && to.startsWith("/")) return to;
  if (has("redirects to what does not begin with two slashes") && /^\/(?!\/)/.test(to)) return to;
  if (!to.startsWith("/") || !URL.canParse(to, BASE)) return "/";
  const { origin, pathname } = new URL(to, BASE);
  return origin === BASE && !pathname.startsWith("//") ? pathname : "/";
}
