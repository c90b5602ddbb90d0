import type { SecretKind } from "./forms.js";
import type { Watch } from "./watch.js";

export interface Sent {
  key?: string;
  /** The value of the session cookie. */
  sid?: string;
  cookies?: string;
  code?: string | undefined;
  json?: object;
  form?: Record<string, string>;
}

export interface Received {
  status: number;
  text: string;
  /** The body of a JSON response, if it is one. */
  body: Record<string, unknown>;
  cookies: string[];
  /** Says of a secret in this response that it is there to hand it out, and watches it from then on. */
  hands(kind: SecretKind, name: string, value: string): string;
}

export type Send = (method: string, path: string, sent: Sent) => Promise<Received>;

/** Sends requests to a server, and shows each whole response to the watch. */
export function createClient(port: number, watch: Watch): Send {
  return async (method, path, { key, sid, cookies, code, json, form }) => {
    const headers: Record<string, string> = {};
    if (key !== undefined) headers["X-API-Key"] = key;
    if (code !== undefined) headers["X-TOTP-Code"] = code;
    const cookie = [...(sid === undefined ? [] : [`sid=${sid}`]), ...(cookies ? [cookies] : [])];
    if (cookie.length > 0) headers.Cookie = cookie.join("; ");
    if (json) headers["Content-Type"] = "application/json";
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      headers,
      redirect: "manual",
      body: json ? JSON.stringify(json) : form ? new URLSearchParams(form) : null,
    });
    const text = await response.text();
    const meant: string[] = [];
    const head = JSON.stringify([...response.headers]);
    watch.see(`response to ${method} ${path}`, `${response.status} ${head} ${text}`, meant);
    const hands = (kind: SecretKind, name: string, value: string) => {
      meant.push(value);
      return watch.add(kind, name, value);
    };
    const isJson = response.headers.get("content-type")?.startsWith("application/json");
    return {
      status: response.status,
      text,
      body: isJson ? JSON.parse(text) : {},
      cookies: response.headers.getSetCookie(),
      hands,
    };
  };
}
