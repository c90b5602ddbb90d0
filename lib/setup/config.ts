import { IncomingMessage } from "node:http";
import {
  callback,
  integerBetween,
  invalid,
  optionsObject,
  rejectUnknownOptions,
} from "../base/checks.js";
import type { Clock } from "../base/clock.js";
import { TotpConfigError } from "../base/errors.js";
import { logError } from "../http/log-error.js";
import { checkName } from "../otp/otpauth-uri.js";
import {
  type ResolvedTotpParameters,
  resolveParameters,
  type TotpParameters,
} from "../otp/parameters.js";
import { checkSecretBytes, DEFAULT_SECRET_BYTES } from "../otp/secret.js";
import type { TotpSetupOptions } from "./options.js";
import { type QrCodePlan, resolveQrCode } from "./qr-code.js";

type Resolved = Required<
  Omit<TotpSetupOptions, "qrCode" | "issuer" | "accountName" | "onEvent" | keyof TotpParameters>
>;

/** Options that were checked, every one in place. What a user looks like is known to the app alone. */
export interface SetupConfig
  extends Resolved,
    Pick<TotpSetupOptions, "issuer" | "accountName" | "onEvent"> {
  parameters: ResolvedTotpParameters;
  qrCode: QrCodePlan;
}

// Written as an object so that the compiler finds a name that is missing or too many.
const OPTION_NAMES = Object.keys({
  authenticate: true,
  savePendingSecret: true,
  issuer: true,
  accountName: true,
  path: true,
  apiKeyHeader: true,
  qrCode: true,
  secretBytes: true,
  algorithm: true,
  digits: true,
  period: true,
  pendingTtl: true,
  timeoutMs: true,
  onEvent: true,
  onError: true,
  now: true,
} satisfies Record<keyof TotpSetupOptions, true>);

const checkPendingTtl = integerBetween(1, 86_400, "It is in seconds.");
const checkTimeout = integerBetween(1, 3_600_000, "It is in milliseconds.");
const checkClock = callback<Clock>("() => number | Date");

/** @throws {@link TotpConfigError} for the first thing that is wrong. */
export function resolveSetupOptions(options: TotpSetupOptions): SetupConfig {
  rejectMountedFactory(options);
  rejectUnknownOptions(optionsObject(options, "createTotpSetupRouter"), OPTION_NAMES);
  const { issuer, accountName, onEvent } = options;
  checkCallbacks(options);
  if (issuer !== undefined && typeof issuer !== "function") checkName("issuer", issuer);
  const apiKeyHeader = checkHeaderName("apiKeyHeader", options.apiKeyHeader ?? "X-API-Key");
  return {
    authenticate: options.authenticate,
    savePendingSecret: options.savePendingSecret,
    issuer,
    accountName,
    path: checkPath("path", options.path ?? "/auth/v1/users/current/totp/setup"),
    apiKeyHeader,
    qrCode: resolveQrCode(options.qrCode ?? "png"),
    secretBytes: checkSecretBytes("secretBytes", options.secretBytes ?? DEFAULT_SECRET_BYTES),
    parameters: resolveParameters(options),
    pendingTtl: checkPendingTtl("pendingTtl", options.pendingTtl ?? 600),
    timeoutMs: checkTimeout("timeoutMs", options.timeoutMs ?? 10_000),
    onEvent,
    onError: options.onError ?? ((error, req) => logError(error, req, apiKeyHeader)),
    now: checkClock("now", options.now ?? Date.now),
  };
}

/** `app.use(createTotpSetupRouter)` makes Express call the factory with the first request. */
function rejectMountedFactory(options: unknown): void {
  if (!(options instanceof IncomingMessage)) return;
  throw new TotpConfigError("FACTORY_NOT_CALLED", "createTotpSetupRouter", {
    expected: "to be called with options",
    got: "a request",
    fix: "Mount what it returns: app.use(createTotpSetupRouter({ authenticate, savePendingSecret })).",
  });
}

function checkCallbacks(options: TotpSetupOptions): void {
  callback("(apiKey, req) => user or null")("authenticate", options.authenticate);
  callback("(userId, secret, details) => void")("savePendingSecret", options.savePendingSecret);
  const { accountName, onEvent, onError } = options;
  if (accountName !== undefined) callback("(user) => string")("accountName", accountName);
  if (onEvent !== undefined) callback("(event) => void")("onEvent", onEvent);
  if (onError !== undefined) callback("(error, req) => void")("onError", onError);
}

function checkHeaderName(option: string, value: unknown): string {
  // A token of RFC 9110 §5.6.2.
  if (typeof value === "string" && /^[\w!#$%&'*+\-.^`|~]+$/.test(value)) return value;
  return invalid(option, 'the name of an HTTP header, such as "X-API-Key"', value);
}

/** Only what Express 4 and 5 read alike: their wildcards and groups differ. */
function checkPath(option: string, value: unknown): string {
  if (typeof value === "string" && /^\/[\w\-.~%/:@]*$/.test(value)) return value;
  return invalid(option, 'a path that begins with "/", with no wildcards or groups', value);
}
