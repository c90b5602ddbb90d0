import { integerBetween, oneOf } from "../base/checks.js";
import { type OptionTable, type Resolved, resolveOptions, withDefault } from "../base/options.js";

/** The hash function under the HMAC (RFC 6238 §1.2), named as in otpauth URIs. */
export type TotpAlgorithm = "SHA1" | "SHA256" | "SHA512";

/** How many digits a code has. Authenticator apps know no others. */
export type TotpDigits = 6 | 8;

/** What makes a code out of a secret and a time (RFC 6238 §4). */
export interface TotpParameters {
  /**
   * Hash function. Many authenticator apps ignore it and always use SHA1.
   *
   * @default "SHA1"
   */
  algorithm?: TotpAlgorithm | undefined;
  /**
   * Digits of a code.
   *
   * @default 6
   */
  digits?: TotpDigits | undefined;
  /**
   * Length of a time step in seconds, 15 to 300.
   *
   * @default 30
   */
  period?: number | undefined;
}

export const PARAMETER_OPTIONS = {
  algorithm: withDefault("SHA1", oneOf(["SHA1", "SHA256", "SHA512"])),
  digits: withDefault(6, oneOf([6, 8])),
  period: withDefault(30, integerBetween(15, 300, "It is in seconds.")),
} satisfies OptionTable<TotpParameters>;

export type ResolvedTotpParameters = Resolved<typeof PARAMETER_OPTIONS>;

/** Takes the parameters out of a larger object, checks them and fills in the defaults. */
export function resolveParameters({
  algorithm,
  digits,
  period,
}: TotpParameters): ResolvedTotpParameters {
  return resolveOptions("parameters", PARAMETER_OPTIONS, { algorithm, digits, period });
}

/** The only set that every authenticator app honors. */
export const DEFAULT_PARAMETERS = resolveParameters({});

export function areDefaultParameters(parameters: ResolvedTotpParameters): boolean {
  return (
    parameters.algorithm === DEFAULT_PARAMETERS.algorithm &&
    parameters.digits === DEFAULT_PARAMETERS.digits &&
    parameters.period === DEFAULT_PARAMETERS.period
  );
}
