import { integerBetween, oneOf } from "../base/checks.js";

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
  algorithm?: TotpAlgorithm;
  /**
   * Digits of a code.
   *
   * @default 6
   */
  digits?: TotpDigits;
  /**
   * Length of a time step in seconds, 15 to 300.
   *
   * @default 30
   */
  period?: number;
}

export type ResolvedTotpParameters = Required<TotpParameters>;

/** The only set that every authenticator app honors. */
export const DEFAULT_PARAMETERS: ResolvedTotpParameters = {
  algorithm: "SHA1",
  digits: 6,
  period: 30,
};

const checkAlgorithm = oneOf(["SHA1", "SHA256", "SHA512"]);
const checkDigits = oneOf([6, 8]);
const checkPeriod = integerBetween(15, 300, "It is in seconds.");

export function resolveParameters(given: TotpParameters): ResolvedTotpParameters {
  const { algorithm, digits, period } = DEFAULT_PARAMETERS;
  return {
    algorithm: checkAlgorithm("algorithm", given.algorithm ?? algorithm),
    digits: checkDigits("digits", given.digits ?? digits),
    period: checkPeriod("period", given.period ?? period),
  };
}

export function areDefaultParameters(parameters: ResolvedTotpParameters): boolean {
  return (
    parameters.algorithm === DEFAULT_PARAMETERS.algorithm &&
    parameters.digits === DEFAULT_PARAMETERS.digits &&
    parameters.period === DEFAULT_PARAMETERS.period
  );
}
