/** A request as it is sent. */
export interface AppRequest {
  method: string;
  /** With its query. */
  path: string;
  headers: Record<string, string>;
  body?: string | undefined;
}

/** What an app responds with; a response of supertest fits as it is. */
export interface AppResponse {
  status: number;
  /** Names in lower case; those of `Set-Cookie` in an array. */
  headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  text: string;
}

/** A response to a {@link TestClient}. */
export interface TestResponse extends AppResponse {
  /**
   * The body as JSON.
   *
   * @throws An Error if it is something else.
   */
  json<Body = Record<string, string>>(): Body;
}

/** What goes with a request: the fields of a JSON body or of a form, and headers. */
export interface TestRequestOptions {
  json?: object | undefined;
  form?: object | undefined;
  headers?: Readonly<Record<string, string>> | undefined;
}

/** A browser without a window, or an app: it keeps its cookies, and follows no redirect. */
export interface TestClient {
  /** Sent with each request, such as an API key or an access token; cookies come by themselves. */
  readonly headers: Record<string, string>;
  /** The value of a cookie that it has. */
  cookie(name: string): string | undefined;
  /**
   * Sends a request.
   *
   * @param request - Method and path, such as `POST /login`.
   */
  send(request: string, options?: TestRequestOptions): Promise<TestResponse>;
}

/** A request before its body is written: attacks change it here. */
export interface Draft {
  method: string;
  path: string;
  headers: Record<string, string>;
  json?: unknown;
  form?: unknown;
}

export type Alter = (draft: Draft) => Draft;
