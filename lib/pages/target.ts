/** No host that a link could lead to. */
const BASE = "https://app.invalid";

/**
 * Where to send people on to: a path of the app itself, or `undefined`. A text that a browser would take for
 * another host must not get through: `//evil.example`, `/\evil.example`, `/.//evil.example`.
 */
export function readTarget(to: unknown): string | undefined {
  if (typeof to !== "string" || !to.startsWith("/") || !URL.canParse(to, BASE)) return undefined;
  const { origin, pathname, search, hash } = new URL(to, BASE);
  if (origin !== BASE || !/^\/(?![/\\])/.test(pathname)) return undefined;
  return pathname + search + hash;
}
