import type { AppResponse } from "./request.js";

interface Cookie {
  value: string;
  /** In lower case. Empty without the attribute, which some browsers treat like `none`. */
  sameSite: string;
}

/** Where a browser sends a request from: a page of the app, another host of its site, or another site. */
export type Place = "here" | "same-site" | "cross-site";

/** The cookies of one client. Paths and domains are ignored, because the client only talks to one app. */
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

  /** Returns the cookies that an earlier jar has with the same values. */
  unchangedSince(earlier: CookieJar): CookieJar {
    return new CookieJar(
      [...this.#cookies].filter(([name, { value }]) => value === earlier.get(name)),
    );
  }

  /** Returns the header `Cookie`, if there are cookies to send. */
  header(from: Place = "here"): { Cookie?: string } {
    const sent = [...this.#cookies].filter(
      ([, { sameSite }]) => from !== "cross-site" || (sameSite !== "lax" && sameSite !== "strict"),
    );
    if (sent.length === 0) return {};
    return { Cookie: sent.map(([name, { value }]) => `${name}=${value}`).join("; ") };
  }

  keep({ headers }: AppResponse): void {
    for (const line of [headers["set-cookie"] ?? []].flat()) {
      const parts = /^([^=;]+)=([^;]*)(.*)$/.exec(line);
      if (!parts) continue;
      const [name, value, attributes] = parts.slice(1) as [string, string, string];
      const sameSite = /;\s*samesite=(\w+)/i.exec(attributes)?.[1]?.toLowerCase() ?? "";
      if (isDeletion(attributes)) this.#cookies.delete(name.trim());
      else this.#cookies.set(name.trim(), { value: value.trim(), sameSite });
    }
  }
}

function isDeletion(attributes: string): boolean {
  const maxAge = /;\s*max-age=(-?\d+)/i.exec(attributes)?.[1];
  if (maxAge !== undefined) return Number(maxAge) <= 0;
  const expires = /;\s*expires=([^;]+)/i.exec(attributes)?.[1];
  // Only deletions, because the app may use another clock than this process.
  return expires !== undefined && Date.parse(expires) < Date.parse("2000-01-01");
}
