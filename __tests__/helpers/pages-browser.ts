import request from "supertest";
import type { PagesApp } from "./pages-app.js";
import { begin, codeAt } from "./service.js";

/** What a browser of a test has of a page. */
export interface SeenPage {
  status: number;
  headers: Record<string, string>;
  html: string;
  /** The first heading. */
  heading: string | undefined;
  /** What is read out, or `undefined`. */
  alert: string | undefined;
  /** Where a redirect leads to. */
  location: string | undefined;
  /** The key that is typed by hand, without spaces. */
  key: string;
  /** The fields of the one form with a code, or of the first form. */
  fields: Record<string, string>;
  backupCodes: string[];
}

/** Keeps cookies and sends forms as a browser does, without redirects. */
export class PagesBrowser {
  private readonly agent: ReturnType<typeof request.agent>;

  constructor({ app }: Pick<PagesApp, "app">) {
    this.agent = request.agent(app);
  }

  async get(path: string, headers: Record<string, string> = {}): Promise<SeenPage> {
    return read(await this.agent.get(path).set({ Accept: "text/html", ...headers }));
  }

  async post(
    path: string,
    fields: Record<string, string> = {},
    headers: Record<string, string> = {},
  ): Promise<SeenPage> {
    const sent = { Accept: "text/html", "Sec-Fetch-Site": "same-origin", ...headers };
    return read(await this.agent.post(path).set(sent).type("form").send(fields));
  }
}

/** Signs a user in whose TOTP is off. */
export async function signIn(made: PagesApp, user = "ada"): Promise<PagesBrowser> {
  const browser = new PagesBrowser(made);
  await browser.post(`/sign-in/${user}`);
  return browser;
}

/** Turns TOTP on for a user, past the pages. Afterwards there is a fresh code. */
export async function turnOn(made: PagesApp, user = "ada") {
  const secret = await begin(made, user);
  const outcome = await made.totp.confirm(user, codeAt(secret, made.clock.time));
  if (!outcome.ok) throw new Error(outcome.reason);
  const fresh = () => {
    made.clock.advance(30);
    return codeAt(secret, made.clock.time);
  };
  return { secret, backupCodes: outcome.backupCodes, fresh };
}

function read(res: request.Response): SeenPage {
  const { text: html, headers, status } = res;
  const first = (pattern: RegExp) => pattern.exec(html)?.[1];
  const hidden = html.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g);
  return {
    status,
    headers,
    html,
    heading: first(/<h1>(.*?)<\/h1>/),
    alert: first(/role="alert"[^>]*>(?:\s*<p[^>]*>)?([^<]*)/)?.trim(),
    location: headers.location,
    key: first(/class="totp-key"[^>]*>([^<]*)</)?.replaceAll(" ", "") ?? "",
    fields: Object.fromEntries(
      [...hidden].map(([, name = "", value = ""]) => [name, decode(value)]),
    ),
    backupCodes: [...html.matchAll(/<li data-totp-text="([^"]*)">/g)].map(([, code = ""]) => code),
  };
}

/** What `escape-html` writes. */
const CHARACTERS: Readonly<Record<string, string>> = {
  "&amp;": "&",
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&#39;": "'",
};

function decode(text: string): string {
  return text.replace(/&[^;]+;/g, (entity) => CHARACTERS[entity] ?? entity);
}
