import querystring from "node:querystring";
import { types } from "node:util";
import type { Request } from "express";
import { describeKind } from "../base/describe.js";

export type ErrorHook = (error: unknown, req: Request) => unknown;

/**
 * Texts that look like secrets: 16 or more characters of base32, either in one case or with a digit, so that names in a
 * stack trace stay readable; and the same in groups of four or more.
 */
const SECRETS = [
  /(?<![A-Za-z0-9])(?:[A-Z2-7]{16,}|[a-z2-7]{16,}|(?=[A-Za-z]*[2-7])[A-Za-z2-7]{16,})(?![A-Za-z0-9])/g,
  /(?<![A-Za-z0-9])(?:[A-Z2-7]{4,}[ -]){3,}[A-Z2-7]{1,}(?![A-Za-z0-9])/g,
  /(?<![A-Za-z0-9])(?:[a-z2-7]{4}[ -]){3,}[a-z2-7]{1,4}(?![A-Za-z0-9])/g,
  // Backup codes, and the tokens of sessions and devices.
  /(?<![A-Za-z0-9])(?:[0-9A-HJKMNP-TV-Z]{4}-){3,6}[0-9A-HJKMNP-TV-Z]{4}(?![A-Za-z0-9])/gi,
  /(?<![\w-])[\w-]{43}(?![\w-])/g,
];
const BEARER = /\bbearer +[^\s"']+/gi;
/** Shorter values are common in stack traces, and are not secrets. */
const SHORTEST_VALUE = 6;

/** Prints an error to stderr without secrets. An app's error message can contain what it tried to store. */
function logError(error: unknown, req: Request, apiKeyHeader: string): void {
  const text = isError(error) ? (error.stack ?? error.message) : `thrown: ${describeKind(error)}`;
  console.error(`express-totp-setup: ${redact(text, valuesOf(req, apiKeyHeader))}`);
}

/** Redacts the values and everything that looks like a secret, and escapes control characters. */
export function redact(text: string, values: readonly string[]): string {
  let redacted = text;
  // The longest first, because one value can be part of another.
  for (const value of [...values].sort((a, b) => b.length - a.length)) {
    if (value.length >= SHORTEST_VALUE) redacted = redacted.replaceAll(value, "[redacted]");
  }
  redacted = redacted.replace(BEARER, "Bearer [redacted]");
  for (const pattern of SECRETS) redacted = redacted.replace(pattern, "[redacted]");
  return redacted.replace(/[^\P{Cc}\n]/gu, escapeCharacter);
}

/** Escapes all control characters, because terminals interpret them. JSON escapes only those below the space. */
function escapeCharacter(character: string): string {
  const escaped = JSON.stringify(character).slice(1, -1);
  if (escaped !== character) return escaped;
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/** Lists the values in a request that can be secret: API key, codes, tokens, session, and fields of the body. */
function valuesOf(req: Request, apiKeyHeader: string): string[] {
  const names = [apiKeyHeader, "x-totp-code", "authorization", "cookie"];
  const headers = names.map((name) => String(req.headers?.[name.toLowerCase()] ?? ""));
  const body: unknown = req.body;
  const fields = typeof body === "object" && body !== null ? Object.values(body) : [body];
  const { sessionID } = req as { sessionID?: unknown };
  return [...headers, ...headers.flatMap(credentialsIn), sessionID, ...fields].filter(
    (value) => typeof value === "string",
  );
}

/** Returns a token without its scheme, and the values of cookies, as they were sent and decoded. */
function credentialsIn(header: string): string[] {
  const token = header.replace(/^\w+ +/, "");
  const cookies = header.split(/; */).map((each) => each.slice(each.indexOf("=") + 1));
  return [token, ...cookies, ...cookies.map(querystring.unescape)];
}

/** Includes errors of other realms, such as those that Node throws under Jest. */
function isError(value: unknown): value is Error {
  return value instanceof Error || types.isNativeError(value);
}

/** The default `onError`. */
export function errorLogger(apiKeyHeader: string): ErrorHook {
  return (error, req) => logError(error, req, apiKeyHeader);
}
