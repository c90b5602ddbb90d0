import { CookieJar } from "./cookie-jar.js";
import { type CrossSite, sendFromElsewhere } from "./cross-site.js";
import type {
  Alter,
  AppRequest,
  AppResponse,
  Draft,
  TestClient,
  TestRequestOptions,
  TestResponse,
} from "./request.js";
import type { SendRequest } from "./send-with-fetch.js";
import { writeRequest } from "./write-request.js";

/** A request and its response. */
export interface Exchange {
  /** Method and path, without the query, which may contain a secret. */
  request: string;
  response: AppResponse;
}

interface Parts {
  headers: Record<string, string>;
  jar: CookieJar;
  history: Exchange[];
  alter?: Alter;
  crossSite?: CrossSite;
}

/** The client that is passed to the functions of the options. Attacks alter its requests. */
export class Client implements TestClient {
  readonly #send: SendRequest;
  readonly #parts: Parts;
  /** Whether a response or a cookie was withheld, as browsers do from pages of other sites. */
  hasWithheld = false;

  constructor(send: SendRequest, parts: Partial<Parts> = {}) {
    this.#send = send;
    this.#parts = { headers: {}, jar: new CookieJar(), history: [], ...parts };
  }

  get headers(): Record<string, string> {
    return this.#parts.headers;
  }

  get history(): readonly Exchange[] {
    return this.#parts.history;
  }

  /** Headers and cookies. The app cannot distinguish two clients with the same ones. */
  get identity(): string {
    return JSON.stringify([this.#parts.headers, this.#parts.jar.header()]);
  }

  cookie(name: string): string | undefined {
    if (!this.#parts.crossSite) return this.#parts.jar.get(name);
    this.hasWithheld = true;
    return undefined;
  }

  /** Returns an independent client with the current cookies and headers. */
  copy(): Client {
    const { headers, jar, history } = this.#parts;
    const parts = { headers: { ...headers }, jar: jar.copy(), history: [...history] };
    return new Client(this.#send, parts);
  }

  /** Returns an independent client with the current cookies and no headers. */
  cookiesAlone(): Client {
    return new Client(this.#send, { jar: this.#parts.jar.copy() });
  }

  /** Returns a client with those cookies that have had the same value since an earlier copy, and no headers. */
  cookiesSince(earlier: Client): Client {
    return new Client(this.#send, { jar: this.#parts.jar.unchangedSince(earlier.#parts.jar) });
  }

  /** Returns the same client, with its requests altered. */
  altered(alter: Alter): Client {
    return new Client(this.#send, { ...this.#parts, alter });
  }

  /** Returns the same browser on a page of another site: with the cookies, but without headers. */
  elsewhere(crossSite: CrossSite): Client {
    return new Client(this.#send, { ...this.#parts, headers: {}, crossSite });
  }

  async send(
    request: string,
    { json, form, headers }: TestRequestOptions = {},
  ): Promise<TestResponse> {
    const [, method = "", path = ""] = /^([A-Z]+) (\/\S*)$/.exec(request) ?? [];
    if (path === "") {
      throw new TypeError(
        `send: expected a method and a path, such as "POST /login", got ${request}`,
      );
    }
    const all = { ...this.headers, ...headers };
    const draft: Draft = { method, path, headers: all, json, form };
    const { alter = (same) => same, crossSite } = this.#parts;
    if (!crossSite) return readable(await this.#exchange(writeRequest(alter(draft))));
    const { response, isWithheld } = await sendFromElsewhere(draft, crossSite, this.#deliver);
    this.hasWithheld ||= isWithheld;
    return readable(response);
  }

  readonly #deliver = (request: AppRequest) => this.#exchange(request, this.#parts.crossSite);

  async #exchange(request: AppRequest, crossSite?: CrossSite): Promise<AppResponse> {
    const { jar, history } = this.#parts;
    // Browsers send CORS preflight requests without cookies.
    const cookies = request.method === "OPTIONS" ? {} : jar.header(crossSite?.from);
    const headers = { ...cookies, ...request.headers };
    const response = await this.#send({ ...request, headers });
    jar.keep(response);
    history.push({ request: `${request.method} ${request.path.split("?")[0]}`, response });
    return response;
  }
}

function readable(response: AppResponse): TestResponse {
  const { status, headers, text } = response;
  return {
    status,
    headers,
    text,
    json<Body>() {
      try {
        return JSON.parse(text) as Body;
      } catch {
        throw new Error(`json(): the body of a response with status ${status} is not JSON`);
      }
    },
  };
}
