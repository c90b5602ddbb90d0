/** A host that no link can lead to. */
const BASE = "https://app.invalid";

/**
 * Returns the path of a page of the app, or `undefined`. Rejects texts that a browser would treat as another host:
 * `//evil.example`, `/\evil.example`, `/.//evil.example`.
 */
export function readTarget(to: unknown): string | undefined {
  if (typeof to !== "string" || !to.startsWith("/") || !URL.canParse(to, BASE)) return undefined;
  const { origin, pathname, search, hash } = new URL(to, BASE);
  if (origin !== BASE || !/^\/(?![/\\])/.test(pathname)) return undefined;
  return pathname + search + hash;
}
