import type { Place } from "./cookie-jar.js";
import type { AppRequest, AppResponse, Draft } from "./request.js";
import { writeRequest } from "./write-request.js";

/** A page of another site, or of another host, that makes a browser send requests to the app. */
export interface CrossSite {
  /** Description for messages. */
  shown: string;
  from: Exclude<Place, "here">;
  headers: Readonly<{ Origin: string; "Sec-Fetch-Site"?: string }>;
}

const EVIL = "https://evil.example";

export const CROSS_SITE: readonly CrossSite[] = [
  {
    shown: "a page of another site",
    from: "cross-site",
    headers: { Origin: EVIL, "Sec-Fetch-Site": "cross-site" },
  },
  {
    shown: "a page of another site in a browser that does not send Sec-Fetch-Site",
    from: "cross-site",
    headers: { Origin: EVIL },
  },
  {
    shown: "a sandboxed frame (Origin: null)",
    from: "cross-site",
    headers: { Origin: "null", "Sec-Fetch-Site": "cross-site" },
  },
  {
    shown: "another host of the same site",
    from: "same-site",
    headers: { Origin: "https://sibling.example", "Sec-Fetch-Site": "same-site" },
  },
];

type Deliver = (request: AppRequest) => Promise<AppResponse>;
interface Outcome {
  response: AppResponse;
  /** Whether the browser withholds the response from the page. */
  isWithheld: boolean;
}

/** The status is that of a refusal, so that no test takes it for a success. */
const WITHHELD: Outcome = { response: { status: 403, headers: {}, text: "" }, isWithheld: true };

/**
 * Sends a request as a browser does for a page of another site. Requests that a form can send are sent; others only if
 * the app allows them with CORS. The page cannot read pages of the app, or the tokens in them.
 */
export async function sendFromElsewhere(
  draft: Draft,
  { headers }: CrossSite,
  deliver: Deliver,
): Promise<Outcome> {
  if (draft.method === "GET" || draft.method === "HEAD") return WITHHELD;
  const request = writeRequest(draft);
  const isAsIs = await isAllowed(request, headers, deliver);
  if (!isAsIs && draft.method !== "POST") return WITHHELD;
  const sent = isAsIs ? request : asForm(draft, request);
  const response = await deliver({ ...sent, headers: { ...sent.headers, ...headers } });
  return { response, isWithheld: false };
}

/** Converts a request to one that a form can send: fields or a text, and no headers. */
function asForm({ method, path, form }: Draft, { body }: AppRequest): AppRequest {
  if (form !== undefined || body === undefined) {
    return writeRequest({ method, path, headers: {}, form });
  }
  return { method, path, headers: { "Content-Type": "text/plain" }, body };
}

/** Sends a CORS preflight, and returns whether the app allows the request. */
async function isAllowed(
  { method, path, headers }: AppRequest,
  { Origin }: CrossSite["headers"],
  deliver: Deliver,
): Promise<boolean> {
  const all = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const);
  const names = all.filter(([name, value]) => !isAlwaysAllowed(name, value)).map(([name]) => name);
  const asked = {
    Origin,
    "Access-Control-Request-Method": method,
    "Access-Control-Request-Headers": names.join(","),
  };
  const { status, headers: got } = await deliver({ method: "OPTIONS", path, headers: asked });
  const listed = (name: string) =>
    String(got[name])
      .toLowerCase()
      .split(/\s*,\s*/);
  return (
    status >= 200 &&
    status < 300 &&
    got["access-control-allow-origin"] === Origin &&
    got["access-control-allow-credentials"] === "true" &&
    (method === "POST" || listed("access-control-allow-methods").includes(method.toLowerCase())) &&
    names.every((name) => listed("access-control-allow-headers").includes(name))
  );
}

/** Whether any page may send the header without permission: https://fetch.spec.whatwg.org/#cors-safelisted-request-header */
function isAlwaysAllowed(name: string, value: string): boolean {
  if (name !== "content-type") return /^(accept|accept-language|content-language)$/.test(name);
  return /^(application\/x-www-form-urlencoded|multipart\/form-data|text\/plain)(;|$)/i.test(value);
}
