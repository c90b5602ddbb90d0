import { DEMO_ACCOUNT, type Demo } from "./start-demo.js";

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
}

/** A browser without a window: it keeps its cookie, and sends forms. It follows nothing. */
export class Visitor {
  cookie = "";

  constructor(readonly demo: Demo) {}

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

  /** Signs in with TOTP off, and turns it on. */
  async turnOn() {
    await this.enterPassword();
    await this.post("/security/setup");
    const [, markup = ""] = /<code id="secret">(.*?)<\/code>/.exec(await this.#read("setup")) ?? [];
    const secret = markup.replace(/<.*?>/g, "");
    const code = this.demo.code(secret);
    const { text } = await this.post("/security/setup/confirm", { code });
    const backupCodes = [...text.matchAll(/<code>([\dA-Z-]{11})<\/code>/g)].map(
      ([, each]) => each as string,
    );
    await this.demo.advance(30);
    return { secret, backupCodes };
  }

  async #read(page: string) {
    return (await this.get(`/security/${page}`)).text;
  }

  async #ask(path: string, { headers, ...init }: RequestInit): Promise<Answer> {
    const response = await fetch(this.demo.url + path, {
      ...init,
      headers: { ...headers, ...(this.cookie && { Cookie: this.cookie }) },
      redirect: "manual",
    });
    const [cookie] = response.headers.getSetCookie();
    if (cookie) this.cookie = cookie.split(";")[0] ?? "";
    return { status: response.status, headers: response.headers, text: await response.text() };
  }
}

/** Where an answer leads to, as `303 /security`. */
export function leadsTo({ status, headers }: Answer): string {
  return `${status} ${headers.get("location")}`;
}
