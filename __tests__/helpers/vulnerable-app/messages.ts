import type { AppRequest, AppResponse } from "express-totp-setup/testing";

export interface Received {
  route: string;
  /** In lower case. */
  headers: Record<string, string>;
  query: Record<string, unknown>;
  body: Record<string, unknown>;
  sessionId: string | undefined;
}

export function read({ method, path, headers, body = "" }: AppRequest): Received {
  const url = new URL(path, "http://app.test");
  const lower = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
  const names: Record<string, string> = Object.fromEntries(lower);
  return {
    route: `${method} ${url.pathname}`,
    headers: names,
    query: Object.fromEntries(url.searchParams),
    body: readBody(names["content-type"] ?? "", body),
    sessionId: /(?:^|; )sid=([^;]+)/.exec(names.cookie ?? "")?.[1],
  };
}

/** Parses text as JSON, like `express.json({ type: "*\/*" })`, which alone is not a vulnerability. */
function readBody(type: string, body: string): Record<string, unknown> {
  if (body === "") return {};
  if (type.includes("urlencoded")) return readForm(new URLSearchParams(body));
  return Object(JSON.parse(body));
}

/** `a=1&a=2` is an array, and `a[b]=1` an object. */
function readForm(given: URLSearchParams): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (const [name, value] of given) {
    const [, outer = "", inner] = /^(\w+)(?:\[(.+)\])?$/.exec(name) ?? [];
    if (inner !== undefined) fields[outer] = { [inner]: value };
    else if (Object.hasOwn(fields, outer)) fields[outer] = [fields[outer], value].flat();
    else fields[outer] = value;
  }
  return fields;
}

export function respond(
  status: number,
  body: object = {},
  headers: Record<string, string> = {},
): AppResponse {
  const all = { "cache-control": "no-store", ...headers };
  return { status, headers: all, text: JSON.stringify(body) };
}
