import { integerBetween } from "../base/checks.js";
import { CLOCK_OPTION, type Clock } from "../base/clock.js";
import { type OptionTable, type Resolved, withDefault } from "../base/options.js";
import {
  areDefaultParameters,
  PARAMETER_OPTIONS,
  type ResolvedTotpParameters,
  type TotpParameters,
} from "../otp/parameters.js";
import { checkSecretBytes, DEFAULT_SECRET_BYTES } from "../otp/secret.js";
import { checkQrCode, type QrCodeOption } from "./qr-code.js";

/** Options of everything that begins an enrollment. */
export interface EnrollmentOptions extends TotpParameters {
  /**
   * What `qr_code_url` is: a PNG or SVG data URL, the bare otpauth URI, options for the drawing, or a
   * function of your own from the otpauth URI to the URL of an image.
   *
   * @default "png"
   */
  qrCode?: QrCodeOption | undefined;
  /**
   * Length of the secret in bytes, 16 to 64.
   *
   * @default 20
   */
  secretBytes?: number | undefined;
  /**
   * How long the pending secret can be confirmed, in seconds, 1 to 86 400.
   *
   * @default 600
   */
  pendingSeconds?: number | undefined;
  /**
   * How long each callback and each call of a store may take, in milliseconds; then the client gets a 503.
   *
   * @default 10000
   */
  timeoutMs?: number | undefined;
  /**
   * Tells the time.
   *
   * @default Date.now
   */
  now?: Clock | undefined;
}

export const ENROLLMENT_OPTIONS = {
  ...PARAMETER_OPTIONS,
  qrCode: withDefault("png", checkQrCode),
  secretBytes: withDefault(DEFAULT_SECRET_BYTES, checkSecretBytes),
  pendingSeconds: withDefault(600, integerBetween(1, 86_400, "It is in seconds.")),
  timeoutMs: withDefault(10_000, integerBetween(1, 3_600_000, "It is in milliseconds.")),
  now: CLOCK_OPTION,
} satisfies OptionTable<EnrollmentOptions>;

type ResolvedEnrollment = Resolved<typeof ENROLLMENT_OPTIONS>;

export interface EnrollmentConfig extends Omit<ResolvedEnrollment, keyof ResolvedTotpParameters> {
  parameters: ResolvedTotpParameters;
}

/** Puts the parameters of the codes together, and warns about uncommon ones. Other options pass through. */
export function groupParameters<Config extends ResolvedTotpParameters>({
  algorithm,
  digits,
  period,
  ...rest
}: Config): Omit<Config, keyof ResolvedTotpParameters> & { parameters: ResolvedTotpParameters } {
  const parameters = { algorithm, digits, period };
  if (!areDefaultParameters(parameters)) warnOfParameters(parameters);
  return { ...rest, parameters };
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
