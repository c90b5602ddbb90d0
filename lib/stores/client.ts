import { describeKind } from "../base/describe.js";
import { TotpConfigError } from "../base/errors.js";

/** Whether a value has all of these methods. Some clients are functions. */
export function hasMethods(value: unknown, ...names: readonly string[]): boolean {
  const methods = (value ?? {}) as Record<string, unknown>;
  return names.every((name) => typeof methods[name] === "function");
}

/** Rejects a client that has the right methods but returns results of another shape. */
export function rejectLookAlike(option: string, expected: string, got: string, fix: string): never {
  throw new TotpConfigError("INVALID_OPTION", option, { expected, got, fix });
}

/** The error does not show the value, which can be a connection string with a password. */
export function rejectClient(option: string, expected: string, value: unknown, fix: string): never {
  const code = value === undefined ? "MISSING_OPTION" : "INVALID_OPTION";
  throw new TotpConfigError(code, option, { expected, got: describeKind(value), fix });
}
