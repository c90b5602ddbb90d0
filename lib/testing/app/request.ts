/**
 * A request to the app.
 *
 * @example
 * ```ts
 * import supertest from "supertest";
 *
 * // The option `request`, for an app that does not listen on a port.
 * const request = ({ method, path, headers, body }: AppRequest): PromiseLike<AppResponse> => {
 *   const sent = supertest(app)[method.toLowerCase() as "post"](path).set(headers).redirects(0);
 *   return body === undefined ? sent : sent.send(body);
 * };
 * ```
 */
export interface AppRequest {
  /** In upper case. */
  method: string;
  /** Including the query. */
  path: string;
  /** Including cookies. */
  headers: Record<string, string>;
  /** JSON, or the encoded fields of a form. */
  body?: string | undefined;
}

/**
 * The response of the app. A response of supertest can be returned as it is.
 *
 * @example
 * ```ts
 * const response: AppResponse = { status: 401, headers: { "cache-control": "no-store" }, text: "{}" };
 * ```
 */
export interface AppResponse {
  /** The status code. */
  status: number;
  /** Names are in lower case. Several `Set-Cookie` headers are in an array. */
  headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The body. */
  text: string;
}

/**
 * A response to a {@link TestClient}.
 *
 * @example
 * ```ts
 * const response: TestResponse = await client.send("POST /login", { json: { email: "ada@example.com" } });
 * const { session_id } = response.json();
 * ```
 */
export interface TestResponse extends AppResponse {
  /**
   * Parses the body as JSON.
   *
   * @throws An `Error` if it is not JSON.
   */
  json<Body = Record<string, string>>(): Body;
}

/**
 * The body and the headers of a request of a {@link TestClient}.
 *
 * @example
 * ```ts
 * const options: TestRequestOptions = { form: { code: "123456" }, headers: { Accept: "text/html" } };
 * await client.send("POST /two-factor/login", options);
 * ```
 */
export interface TestRequestOptions {
  /** Fields of a JSON body. */
  json?: object | undefined;
  /** Fields of a form. */
  form?: object | undefined;
  /** Headers of this request only. */
  headers?: Readonly<Record<string, string>> | undefined;
}

/**
 * A client of the app under attack: it keeps its cookies and follows no redirects.
 *
 * @example
 * ```ts
 * const isSignedIn = async (client: TestClient) => (await client.send("GET /account")).status === 200;
 * ```
 */
export interface TestClient {
  /** Headers of all its requests, such as an API key or an access token. Cookies are sent automatically. */
  readonly headers: Record<string, string>;
  /** Returns the value of one of its cookies. */
  cookie(name: string): string | undefined;
  /**
   * Sends a request.
   *
   * @param request - Method and path, such as `POST /login`.
   */
  send(request: string, options?: TestRequestOptions): Promise<TestResponse>;
}

/** A request before its body is encoded. Attacks alter it here. */
export interface Draft {
  method: string;
  path: string;
  headers: Record<string, string>;
  json?: unknown;
  form?: unknown;
}

export type Alter = (draft: Draft) => Draft;
