import { IncomingMessage } from "node:http";
import { invalid } from "../base/checks.js";
import { TotpConfigError } from "../base/errors.js";

export function checkHeaderName(option: string, value: unknown): string {
  // A token of RFC 9110 §5.6.2. Browsers send cookies automatically, so a cookie cannot be an API key.
  const isName = typeof value === "string" && /^[\w!#$%&'*+\-.^`|~]+$/.test(value);
  if (isName && value.toLowerCase() !== "cookie") return value;
  const fix = isName ? "Use getUser for apps with sessions." : undefined;
  return invalid(option, 'the name of an HTTP header, such as "X-API-Key"', value, fix);
}

/** Accepts only paths that mean the same in Express 4 and 5, whose wildcards and groups differ. */
export function checkPath(option: string, value: unknown): string {
  if (typeof value === "string" && /^\/(?:[\w\-.~%/@]|:[A-Za-z_]\w*(?![\w:]))*$/.test(value))
    return value;
  return invalid(option, 'a path such as "/users/:id/totp", with no wildcards or groups', value);
}

/** A factory that is mounted without being called receives the first request instead of its options. */
export function rejectMountedFactory(options: unknown, factory: string, call: string): void {
  if (!(options instanceof IncomingMessage)) return;
  throw new TotpConfigError("FACTORY_NOT_CALLED", factory, {
    expected: "to be called with options",
    got: "a request",
    fix: `Mount its return value: ${call}.`,
  });
}

/** Origins are compared as text: `https://app.example` or `capacitor://localhost`, without a path or slash. */
export function checkOrigins(option: string, value: unknown): readonly string[] {
  if (Array.isArray(value) && value.every(isOrigin)) return [...value];
  const expected = 'an array of origins as browsers send them, such as ["https://app.example"]';
  return invalid(option, expected, value);
}

/** Rejects other forms, such as one with a wildcard or a default port, which would never match. */
function isOrigin(value: unknown): boolean {
  if (typeof value !== "string") return false;
  if (!/^[a-z][a-z0-9+.-]*:\/\/[^/\\\s?#@*]+$/.test(value)) return false;
  return !/^https?:/.test(value) || (URL.canParse(value) && new URL(value).origin === value);
}
