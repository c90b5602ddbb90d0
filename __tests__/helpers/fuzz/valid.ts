import { DEFAULT_PATHS } from "../../../lib/routes/table.js";
import { GUARDED, type Kind, PAGES_AT, type TargetName } from "./apps.js";
import type { Facts } from "./users.js";

const { basePath: BASE, loginPath: LOGIN_PATH } = DEFAULT_PATHS;

/** A request before it is written down. Texts are bytes, one a character; `{{name}}` stands for a fact. */
export interface Draft {
  method: string;
  path: string;
  version: string;
  /** Whole lines. */
  headers: readonly string[];
  body: string | undefined;
  framing: Framing;
  lineEnd: string;
}

/** How the length of the body is announced, or a text that replaces the header and the body. */
export type Framing = "length" | "chunked" | { lines: readonly string[]; body: string };

const JSON_TYPE = "Content-Type: application/json";
const FORM_TYPE = "Content-Type: application/x-www-form-urlencoded";

interface Route {
  method: string;
  path: string;
  /** The fields of its body. */
  fields?: Readonly<Record<string, unknown>>;
  /** Whether it takes a fresh code in a header. */
  takesCode?: true;
}

/** What is in the place of a code: all but the first are refused, sooner or later. */
export const CODES = ["{{code}}", "{{backup}}", "{{three}}", "{{wrong}}", "", "no code"] as const;

const LOGIN = { session_id: "{{session}}", trust_device: true, device_label: "Phone" };

const ROUTES: Readonly<Record<Kind, readonly Route[]>> = {
  "setup router": [{ method: "POST", path: `${BASE}/setup` }],
  router: [
    { method: "POST", path: `${BASE}/setup`, takesCode: true },
    { method: "POST", path: `${BASE}/verify`, fields: {} },
    { method: "GET", path: `${BASE}/status` },
    { method: "DELETE", path: `${BASE}/delete`, takesCode: true },
    { method: "POST", path: `${BASE}/backup-codes/regenerate`, takesCode: true },
    { method: "POST", path: `${BASE}/step-up`, fields: {} },
    { method: "GET", path: `${BASE}/devices` },
    { method: "DELETE", path: `${BASE}/devices/{{deviceId}}` },
    { method: "POST", path: LOGIN_PATH, fields: LOGIN },
  ],
  guard: [
    { method: "POST", path: GUARDED, takesCode: true },
    { method: "GET", path: GUARDED, takesCode: true },
  ],
  pages: [
    ...["", "/setup", "/backup-codes", "/turn-off", "/login", "/step-up?to=/payouts"].map(
      (path) => ({ method: "GET", path: PAGES_AT + path }),
    ),
    { method: "POST", path: `${PAGES_AT}/setup`, fields: { to: "/payouts" } },
    { method: "POST", path: `${PAGES_AT}/setup/confirm`, fields: { key: "{{secret}}" } },
    { method: "POST", path: `${PAGES_AT}/backup-codes`, fields: {} },
    { method: "POST", path: `${PAGES_AT}/turn-off`, fields: {} },
    { method: "POST", path: `${PAGES_AT}/devices`, fields: { id: "{{deviceId}}" } },
    {
      method: "POST",
      path: `${PAGES_AT}/login`,
      fields: { key: "{{secret}}", trust_device: "on" },
    },
    { method: "POST", path: `${PAGES_AT}/login/setup`, fields: {} },
    { method: "POST", path: `${PAGES_AT}/step-up`, fields: { to: "/payouts" } },
  ],
};

/** Requests as clients send them, one a route. */
export function validDrafts({ kind, identity }: TargetName, code: string): Draft[] {
  const who = identity === "session" ? "Cookie: sid={{sid}}" : "X-API-Key: {{key}}";
  return ROUTES[kind].map(({ method, path, fields, takesCode }) => {
    const isForm = kind === "pages";
    const body = fields && { ...fields, code };
    return {
      method,
      path,
      version: "HTTP/1.1",
      headers: [
        "Host: localhost",
        who,
        ...(takesCode && code ? [`X-TOTP-Code: ${code}`] : []),
        ...(body ? [isForm ? FORM_TYPE : JSON_TYPE] : []),
      ],
      body: body && (isForm ? formOf(body) : JSON.stringify(body)),
      framing: "length",
      lineEnd: "\r\n",
    };
  });
}

function formOf(fields: Readonly<Record<string, unknown>>): string {
  return Object.entries(fields)
    .map(([name, value]) => `${name}=${String(value).replaceAll(" ", "+")}`)
    .join("&");
}

/** The bytes of a request. */
export function writeDraft(draft: Draft, facts: Facts): string {
  const { method, path, version, headers, body, framing, lineEnd } = draft;
  const content = fill(body ?? "", facts);
  const [lines, payload] = frame(content, body !== undefined, framing);
  const head = [`${method} ${path} ${version}`, ...headers].map((line) => fill(line, facts));
  return [...head, ...lines, "", ""].join(lineEnd) + payload;
}

function frame(content: string, hasBody: boolean, framing: Framing): [readonly string[], string] {
  if (typeof framing === "object")
    return [framing.lines, framing.body.replace("{{body}}", content)];
  if (!hasBody) return [[], ""];
  if (framing === "length") return [[`Content-Length: ${content.length}`], content];
  const chunk = content === "" ? "" : `${content.length.toString(16)}\r\n${content}\r\n`;
  return [["Transfer-Encoding: chunked"], `${chunk}0\r\n\r\n`];
}

function fill(text: string, facts: Facts): string {
  return text.replace(/\{\{(\w+)\}\}/g, (all, name: string) =>
    Object.hasOwn(facts, name) ? facts[name as keyof Facts] : all,
  );
}
