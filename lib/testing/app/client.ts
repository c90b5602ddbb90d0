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

/** A request that was sent, and what came back. */
export interface Exchange {
  /** Method and path; the query may have a secret in it. */
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

/** The client that the functions of the options are called with. Attacks alter what it sends. */
export class Client implements TestClient {
  readonly #send: SendRequest;
  readonly #parts: Parts;
  /** A browser does not show a page of another site what is on this one. */
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

  /** What it is known by: another client with the same is the same to the app. */
  get identity(): string {
    return JSON.stringify([this.#parts.headers, this.#parts.jar.header()]);
  }

  cookie(name: string): string | undefined {
    return this.#parts.crossSite ? undefined : this.#parts.jar.get(name);
  }

  /** Cookies and headers as they are now; from then on each has its own. */
  copy(): Client {
    const { headers, jar, history } = this.#parts;
    const parts = { headers: { ...headers }, jar: jar.copy(), history: [...history] };
    return new Client(this.#send, parts);
  }

  /** A client that has these cookies and nothing else. */
  cookiesAlone(): Client {
    return new Client(this.#send, { jar: this.#parts.jar.copy() });
  }

  /** A client that has the cookies which an earlier copy has too, with the same values, and nothing else. */
  cookiesSince(earlier: Client): Client {
    return new Client(this.#send, { jar: this.#parts.jar.unchangedSince(earlier.#parts.jar) });
  }

  /** The same client, with everything altered that it sends. */
  altered(alter: Alter): Client {
    return new Client(this.#send, { ...this.#parts, alter });
  }

  /** Its browser, on a page of another site: the cookies are the same, all else is not there. */
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
    // A browser asks for permission (CORS) without cookies.
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
        throw new Error(`json(): the body of a response with status ${status} is no JSON`);
      }
    },
  };
}
