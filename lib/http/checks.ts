import { IncomingMessage } from "node:http";
import { invalid } from "../base/checks.js";
import { TotpConfigError } from "../base/errors.js";

export function checkHeaderName(option: string, value: unknown): string {
  // A token of RFC 9110 §5.6.2.
  if (typeof value === "string" && /^[\w!#$%&'*+\-.^`|~]+$/.test(value)) return value;
  return invalid(option, 'the name of an HTTP header, such as "X-API-Key"', value);
}

/** Only what Express 4 and 5 read alike: their wildcards and groups differ. */
export function checkPath(option: string, value: unknown): string {
  if (typeof value === "string" && /^\/(?:[\w\-.~%/@]|:[A-Za-z_]\w*(?![\w:]))*$/.test(value))
    return value;
  return invalid(option, 'a path such as "/users/:id/totp", with no wildcards or groups', value);
}

/** A factory that is mounted without being called gets the first request in the place of its options. */
export function rejectMountedFactory(options: unknown, factory: string, call: string): void {
  if (!(options instanceof IncomingMessage)) return;
  throw new TotpConfigError("FACTORY_NOT_CALLED", factory, {
    expected: "to be called with options",
    got: "a request",
    fix: `Mount what it returns: ${call}.`,
  });
}
