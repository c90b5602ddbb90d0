import type { Request, Response } from "express";
import { callWithin } from "../base/call-within.js";
import { describeKind } from "../base/describe.js";
import { TotpCallbackError } from "../base/errors.js";
import type { UserId } from "../base/user.js";
import { createReport } from "../http/respond.js";
import { rememberCode } from "./remember-code.js";
import type { RouterConfig } from "./router-options.js";
import type { TokenRequest, TokenResponse } from "./tokens.js";

/** An accepted code, and its user. */
export type CodeGiven = Omit<TokenRequest, "req" | "res">;

/**
 * Calls `issueTokens` for an accepted code, and then makes the session fresh, which the app may have just begun. The
 * code is used up, and the backup codes of a confirmation are shown only once, so its failures are reported but do not
 * change the response.
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
    // Throws now if they are not valid JSON. Later, that would lose the backup codes.
    JSON.stringify(wire);
    return wire;
  }
  throw new TotpCallbackError("issueTokens", {
    expected: "an object with the fields of the response, or undefined",
    got: describeKind(tokens),
  });
}

/** Converts fields of the wrong type, on which typed clients would fail, and reports them. */
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

/** Omits `null` and `false`, which mean that there is no action: clients would act on them as texts. */
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
