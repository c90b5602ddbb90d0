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

/**
 * Options that {@link createTotpService} and {@link createTotpSetupRouter} have in common.
 *
 * @example
 * ```ts
 * const options: EnrollmentOptions = { qrCode: "svg", pendingSeconds: 300 };
 * const totp = createTotpService({ store, issuer: "Acme", ...options });
 * ```
 */
export interface EnrollmentOptions extends TotpParameters {
  /**
   * What `qr_code_url` is: a PNG or SVG data URL, the `otpauth://` URI itself, rendering options, or a function that
   * is called with the `otpauth://` URI and returns the URL of an image.
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
   * Seconds in which a pending secret can be confirmed, 1 to 86 400.
   *
   * @default 600
   */
  pendingSeconds?: number | undefined;
  /**
   * Milliseconds that each callback and each call of the store can take before the response is a 503, 1 to 3 600 000.
   *
   * @default 10000
   */
  timeoutMs?: number | undefined;
  /**
   * Clock, for tests.
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

/** Groups the parameters of the codes, and warns about uncommon ones. Returns the other options as they are. */
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
    `${what}: some authenticator apps support only SHA1, 6 digits, and 30 seconds, ` +
      "and show wrong codes with other parameters.",
    { type: "TotpWarning", code: "TOTP_UNCOMMON_PARAMETERS" },
  );
}
