import { DEMO_ACCOUNT, type Demo } from "./start-demo.js";

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
}

/** A browser without a window: it keeps its cookies, and sends forms. It follows nothing. */
export class Visitor {
  readonly #cookies = new Map<string, string>();

  constructor(readonly demo: Demo) {}

  get cookie(): string {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  }

  /** As a thief puts it in. */
  set cookie(header: string) {
    this.#cookies.clear();
    for (const pair of header.split("; ")) this.#keep(pair);
  }

  get(path: string, headers: Record<string, string> = {}): Promise<Answer> {
    return this.#ask(path, { headers });
  }

  post(
    path: string,
    fields: Record<string, string> = {},
    headers: Record<string, string> = { "Sec-Fetch-Site": "same-origin" },
  ): Promise<Answer> {
    return this.#ask(path, { method: "POST", body: new URLSearchParams(fields), headers });
  }

  enterPassword(account = DEMO_ACCOUNT): Promise<Answer> {
    return this.post("/sign-in", account);
  }

  /** Begins a setup while TOTP is off, and returns the secret that the page shows. */
  async beginSetup(): Promise<string> {
    return readKey(await this.post("/two-factor/setup"));
  }

  /** Signs in with TOTP off, and turns it on. */
  async turnOn() {
    await this.enterPassword();
    const secret = await this.beginSetup();
    const code = this.demo.code(secret);
    const { text } = await this.post("/two-factor/setup/confirm", { code, key: secret });
    const backupCodes = [...text.matchAll(/<li data-totp-text="([\dA-Z-]{19})">/g)].map(
      ([, each]) => each as string,
    );
    await this.demo.advance(30);
    return { secret, backupCodes };
  }

  async #ask(path: string, { headers, ...init }: RequestInit): Promise<Answer> {
    const { cookie } = this;
    const response = await fetch(this.demo.url + path, {
      ...init,
      headers: { Accept: "text/html", ...headers, ...(cookie && { Cookie: cookie }) },
      redirect: "manual",
    });
    for (const each of response.headers.getSetCookie()) this.#keep(each.split(";")[0] ?? "");
    return { status: response.status, headers: response.headers, text: await response.text() };
  }

  #keep(pair: string): void {
    const [, name = "", value = ""] = /^(.*?)=(.*)$/.exec(pair) ?? [];
    this.#cookies.set(name, value);
  }
}

/** The secret on the page of a setup. */
export function readKey({ text }: Answer): string {
  const [, key = ""] = /<code class="totp-key" data-totp-text="(\w+)"/.exec(text) ?? [];
  return key;
}

/** Where an answer leads to, as `303 /sign-in`. */
export function leadsTo({ status, headers }: Answer): string {
  return `${status} ${headers.get("location")}`;
}
