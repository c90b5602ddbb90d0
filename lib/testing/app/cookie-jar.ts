import type { AppResponse } from "./request.js";

interface Cookie {
  value: string;
  /** As browsers keep it, in lower case; some take a cookie without it for one of `none`. */
  sameSite: string;
}

/** From where a browser sends a request: another site, or another host of the same one. */
export type Place = "here" | "same-site" | "cross-site";

/** The cookies of one client. Paths and domains are not looked at: it talks to one app. */
export class CookieJar {
  readonly #cookies = new Map<string, Cookie>();

  constructor(cookies: Iterable<[string, Cookie]> = []) {
    this.#cookies = new Map(cookies);
  }

  copy(): CookieJar {
    return new CookieJar(this.#cookies);
  }

  get(name: string): string | undefined {
    return this.#cookies.get(name)?.value;
  }

  /** The cookies that an earlier jar has too, with the same values. */
  unchangedSince(earlier: CookieJar): CookieJar {
    return new CookieJar(
      [...this.#cookies].filter(([name, { value }]) => value === earlier.get(name)),
    );
  }

  /** The header `Cookie`, or nothing. */
  header(from: Place = "here"): { Cookie?: string } {
    const sent = [...this.#cookies].filter(
      ([, { sameSite }]) => from !== "cross-site" || (sameSite !== "lax" && sameSite !== "strict"),
    );
    if (sent.length === 0) return {};
    return { Cookie: sent.map(([name, { value }]) => `${name}=${value}`).join("; ") };
  }

  keep({ headers }: AppResponse): void {
    for (const line of [headers["set-cookie"] ?? []].flat()) {
      const [, name = "", value = "", attributes = ""] = /^([^=;]*)=([^;]*)(.*)$/.exec(line) ?? [];
      const sameSite = /;\s*samesite=(\w+)/i.exec(attributes)?.[1]?.toLowerCase() ?? "";
      if (isOver(attributes)) this.#cookies.delete(name.trim());
      else this.#cookies.set(name.trim(), { value: value.trim(), sameSite });
    }
  }
}

function isOver(attributes: string): boolean {
  const maxAge = /;\s*max-age=(-?\d+)/i.exec(attributes)?.[1];
  if (maxAge !== undefined) return Number(maxAge) <= 0;
  const expires = /;\s*expires=([^;]+)/i.exec(attributes)?.[1];
  // Only what was deleted: the app may live by another clock than this process.
  return expires !== undefined && Date.parse(expires) < Date.parse("2000-01-01");
}
