import type { AppRequest, Draft } from "./request.js";

/** Encodes the body of a request, including values that only attackers send. */
export function writeRequest({ method, path, headers, json, form }: Draft): AppRequest {
  const given = Object.entries(headers).map(([name, value]) => [name, headerText(value)]);
  const written = { method, path, headers: Object.fromEntries(given) as Record<string, string> };
  if (json !== undefined) return withBody(written, "application/json", JSON.stringify(json));
  if (form === undefined) return written;
  const body = formFields(form).join("&");
  return withBody(written, "application/x-www-form-urlencoded", body);
}

function withBody(request: AppRequest, type: string, body: string): AppRequest {
  const isTyped = Object.keys(request.headers).some((name) => /^content-type$/i.test(name));
  const headers = isTyped ? request.headers : { "Content-Type": type, ...request.headers };
  return { ...request, headers, body };
}

/** Encodes `a=1`, repeated for the elements of an array, and `a[key]=1` for those of an object. */
function formFields(value: unknown, name = ""): string[] {
  if (value === undefined) return [];
  if (Array.isArray(value)) return value.flatMap((each) => formFields(each, name));
  if (typeof value !== "object" || value === null) {
    return [`${encodeURIComponent(name)}=${encodeURIComponent(String(value ?? ""))}`];
  }
  return Object.entries(value).flatMap(([key, each]) =>
    formFields(each, name === "" ? key : `${name}[${key}]`),
  );
}

/** Encodes a header value, which consists of bytes. */
function headerText(value: string): string {
  return Buffer.from(value, "utf8").toString("latin1");
}
