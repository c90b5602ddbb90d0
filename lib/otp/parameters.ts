import { integerBetween, oneOf } from "../base/checks.js";
import { type OptionTable, type Resolved, resolveOptions, withDefault } from "../base/options.js";

/**
 * The hash function of the HMAC (RFC 6238 §1.2), named as in otpauth URIs.
 *
 * @example
 * ```ts
 * const algorithm: TotpAlgorithm = "SHA256";
 * const code = generateTotp({ secret, algorithm });
 * ```
 */
export type TotpAlgorithm = "SHA1" | "SHA256" | "SHA512";

/**
 * The length of a code in digits. Authenticator apps support no other lengths.
 *
 * @example
 * ```ts
 * const digits: TotpDigits = 8;
 * const code = generateTotp({ secret, digits });
 * ```
 */
export type TotpDigits = 6 | 8;

/**
 * The parameters of a TOTP (RFC 6238 §4). Many authenticator apps support only the defaults.
 *
 * @example
 * ```ts
 * const parameters: TotpParameters = { algorithm: "SHA1", digits: 6, period: 30 };
 * const step = verifyTotp({ secret, code: "123456", ...parameters });
 * ```
 */
export interface TotpParameters {
  /**
   * Hash function. Many authenticator apps ignore it and always use SHA1.
   *
   * @default "SHA1"
   */
  algorithm?: TotpAlgorithm | undefined;
  /**
   * Length of a code in digits, 6 or 8.
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

/** Picks the parameters out of a larger object, checks them, and fills in the defaults. */
export function resolveParameters({
  algorithm,
  digits,
  period,
}: TotpParameters): ResolvedTotpParameters {
  return resolveOptions("parameters", PARAMETER_OPTIONS, { algorithm, digits, period });
}

/** The only parameters that every authenticator app supports. */
export const DEFAULT_PARAMETERS = resolveParameters({});

export function areDefaultParameters(parameters: ResolvedTotpParameters): boolean {
  return (
    parameters.algorithm === DEFAULT_PARAMETERS.algorithm &&
    parameters.digits === DEFAULT_PARAMETERS.digits &&
    parameters.period === DEFAULT_PARAMETERS.period
  );
}
