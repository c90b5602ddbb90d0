import { callback, integerBetween } from "../base/checks.js";
import type { Clock } from "../base/clock.js";
import {
  areDefaultParameters,
  type ResolvedTotpParameters,
  resolveParameters,
  type TotpParameters,
} from "../otp/parameters.js";
import { checkSecretBytes, DEFAULT_SECRET_BYTES } from "../otp/secret.js";
import { type QrCodeOption, type QrCodePlan, resolveQrCode } from "./qr-code.js";

/** Options of everything that begins an enrollment. */
export interface EnrollmentOptions extends TotpParameters {
  /**
   * What `qr_code_url` is: a PNG or SVG data URL, the bare otpauth URI, options for the drawing, or a
   * function of your own from the otpauth URI to the URL of an image.
   *
   * @default "png"
   */
  qrCode?: QrCodeOption;
  /**
   * Length of the secret in bytes, 16 to 64.
   *
   * @default 20
   */
  secretBytes?: number;
  /**
   * How long the pending secret can be confirmed, in seconds, 1 to 86 400.
   *
   * @default 600
   */
  pendingSeconds?: number;
  /**
   * How long each callback and each call of a store may take, in milliseconds; then the client gets a 503.
   *
   * @default 10000
   */
  timeoutMs?: number;
  /**
   * Tells the time.
   *
   * @default Date.now
   */
  now?: Clock;
}

export interface EnrollmentConfig {
  parameters: ResolvedTotpParameters;
  qrCode: QrCodePlan;
  secretBytes: number;
  pendingSeconds: number;
  timeoutMs: number;
  now: Clock;
}

/** The names of the options, written as an object so that the compiler finds a missing one. */
export const ENROLLMENT_OPTION_NAMES = Object.keys({
  qrCode: true,
  secretBytes: true,
  algorithm: true,
  digits: true,
  period: true,
  pendingSeconds: true,
  timeoutMs: true,
  now: true,
} satisfies Record<keyof EnrollmentOptions, true>);

const checkPendingSeconds = integerBetween(1, 86_400, "It is in seconds.");
const checkTimeout = integerBetween(1, 3_600_000, "It is in milliseconds.");
const checkClock = callback<Clock>("() => number | Date");

export function resolveEnrollmentOptions(options: EnrollmentOptions): EnrollmentConfig {
  const parameters = resolveParameters(options);
  if (!areDefaultParameters(parameters)) warnOfParameters(parameters);
  return {
    parameters,
    qrCode: resolveQrCode(options.qrCode ?? "png"),
    secretBytes: checkSecretBytes("secretBytes", options.secretBytes ?? DEFAULT_SECRET_BYTES),
    pendingSeconds: checkPendingSeconds("pendingSeconds", options.pendingSeconds ?? 600),
    timeoutMs: checkTimeout("timeoutMs", options.timeoutMs ?? 10_000),
    now: checkClock("now", options.now ?? Date.now),
  };
}

/** The options of an enrollment out of those of something larger. */
export function pickEnrollmentOptions(options: EnrollmentOptions): EnrollmentOptions {
  return Object.fromEntries(
    Object.entries(options).filter(([name]) => ENROLLMENT_OPTION_NAMES.includes(name)),
  );
}

const warned = new Set<string>();

function warnOfParameters({ algorithm, digits, period }: ResolvedTotpParameters): void {
  const what = `${algorithm}, ${digits} digits, ${period} seconds`;
  if (warned.has(what)) return;
  warned.add(what);
  process.emitWarning(
    `${what}: some authenticator apps ignore all but SHA1, 6 digits, 30 seconds, ` +
      "and then show codes that are never right.",
    { type: "TotpWarning", code: "TOTP_UNCOMMON_PARAMETERS" },
  );
}
