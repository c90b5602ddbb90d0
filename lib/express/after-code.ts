import type { Request, Response } from "express";
import { callWithin } from "../base/call-within.js";
import { describeKind } from "../base/describe.js";
import { TotpCallbackError } from "../base/errors.js";
import type { UserId } from "../base/user.js";
import { createReport } from "../http/respond.js";
import { rememberCode } from "./remember-code.js";
import type { RouterConfig } from "./router-options.js";
import type { TokenRequest, TokenResponse } from "./tokens.js";

/** A code that was accepted, and whose. */
export type CodeGiven = Omit<TokenRequest, "req" | "res">;

/**
 * What the app issues for an accepted code; then the session is fresh, also one that the app has just begun.
 * The code is used up, and a confirmation's backup codes are shown this once: after that, a failure is
 * reported and loses nothing.
 */
export async function finishWithTokens(
  config: RouterConfig,
  given: CodeGiven,
  req: Request,
  res: Response,
  isConfirmation: boolean,
): Promise<TokenResponse> {
  const report = createReport(config.onError);
  let tokens: TokenResponse = {};
  try {
    tokens = await issueTokens(config, { ...given, req, res }, (error) => report(error, req));
  } catch (error) {
    if (!isConfirmation) throw error;
    report(error, req);
  }
  try {
    await rememberInSession(config, req, given.userId);
  } catch (error) {
    report(error, req);
  }
  return tokens;
}

/** Makes the session of a request fresh, with the option `freshness`. */
export async function rememberInSession(
  { freshness, totp }: Pick<RouterConfig, "freshness" | "totp">,
  req: Request,
  userId: UserId,
): Promise<void> {
  if (freshness) await rememberCode({ totp, freshness }, req, userId);
}

async function issueTokens(
  { issueTokens: issue, timeoutMs }: RouterConfig,
  request: TokenRequest,
  report: (error: unknown) => void,
): Promise<TokenResponse> {
  const tokens: unknown = await callWithin("issueTokens", timeoutMs, () => issue?.(request));
  if (tokens === undefined || tokens === null) return {};
  if (typeof tokens === "object" && !Array.isArray(tokens)) {
    const wire = toWire({ ...tokens }, report);
    // Throws if JSON cannot hold them: later, that would lose the backup codes.
    JSON.stringify(wire);
    return wire;
  }
  throw new TotpCallbackError("issueTokens", {
    expected: "an object of the response's fields, or nothing",
    got: describeKind(tokens),
  });
}

/** Typed clients fail on fields of another type: those are converted, and the app learns of them. */
function toWire(tokens: Record<string, unknown>, report: (error: unknown) => void): TokenResponse {
  const { expires_in: seconds, requires_action: action } = tokens;
  if (seconds !== undefined && !Number.isSafeInteger(seconds)) {
    reportField("expires_in", "an integer", seconds, report);
    tokens.expires_in = toWholeSeconds(seconds);
  }
  if (action !== undefined && typeof action !== "string") {
    reportField("requires_action", "a string", action, report);
    tokens.requires_action = toActionText(action);
  }
  return tokens;
}

function toWholeSeconds(value: unknown): number | undefined {
  const isNumeric = typeof value === "string" ? value.trim() !== "" : typeof value !== "object";
  const whole = isNumeric && typeof value !== "boolean" ? Math.floor(Number(value)) : Number.NaN;
  return Number.isSafeInteger(whole) ? whole : undefined;
}

/** `null` and `false` say that there is no action; as texts, clients would act on them. */
function toActionText(value: unknown): string | undefined {
  if (value === null || value === false) return undefined;
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function reportField(
  field: string,
  expected: string,
  value: unknown,
  report: (error: unknown) => void,
): void {
  const got = describeKind(value);
  report(new TotpCallbackError(`issueTokens: ${field}`, { expected, got }));
}
