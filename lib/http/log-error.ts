import { types } from "node:util";
import type { Request } from "express";
import { describeKind } from "../base/describe.js";

// The secret of an error's message, such as that of a failed INSERT: 16 bytes of base32 or more.
const SECRETS = /[A-Z2-7]{26,}/g;

export type ErrorHook = (error: unknown, req: Request) => unknown;

/** What went wrong, to stderr, without the secret or API key that may stand in it. */
function logError(error: unknown, req: Request, apiKeyHeader: string): void {
  const text = isError(error) ? (error.stack ?? error.message) : `thrown: ${describeKind(error)}`;
  const apiKey = req.get(apiKeyHeader);
  const withoutKey = apiKey ? text.replaceAll(apiKey, "[API key]") : text;
  console.error(`express-totp-setup: ${withoutKey.replace(SECRETS, "[secret]")}`);
}

/** Errors of another realm included: under Jest all that Node throws is one. */
function isError(value: unknown): value is Error {
  return value instanceof Error || types.isNativeError(value);
}

/** The default `onError`. */
export function errorLogger(apiKeyHeader: string): ErrorHook {
  return (error, req) => logError(error, req, apiKeyHeader);
}
