import { invalid } from "../base/checks.js";
import { TotpConfigError } from "../base/errors.js";
import { type OptionTable, optional, required, resolveOptions } from "../base/options.js";
import { NAME_EXPECTATION, nameProblem } from "./names.js";
import {
  DEFAULT_PARAMETERS,
  PARAMETER_OPTIONS,
  type ResolvedTotpParameters,
  type TotpParameters,
} from "./parameters.js";
import { checkSecret } from "./secret.js";
import { buildUri } from "./speakeasy.js";

/**
 * Input of {@link createOtpauthUri}.
 *
 * @example
 * ```ts
 * const input: OtpauthUriInput = { secret: generateSecret(), accountName: "ada@example.com", issuer: "Acme" };
 * const uri = createOtpauthUri(input);
 * ```
 */
export interface OtpauthUriInput extends TotpParameters {
  /** The secret, in unpadded upper-case base32. */
  secret: string;
  /** The name of the account in the authenticator app, often an email address. Without `:`. */
  accountName: string;
  /** The name of your app or company in the authenticator app. Without `:`. */
  issuer?: string | undefined;
}

export const OTPAUTH_URI_OPTIONS = {
  secret: required(checkSecret),
  accountName: required(checkName),
  issuer: optional(checkName),
  ...PARAMETER_OPTIONS,
} satisfies OptionTable<OtpauthUriInput>;

/**
 * Builds the `otpauth://totp/…` URI that an authenticator app reads from a QR code, as specified by the
 * {@link https://github.com/google/google-authenticator/wiki/Key-Uri-Format | Key Uri Format}. Every part is
 * percent-encoded (a space is `%20`). Parameters with their default value are omitted, which keeps the QR code small.
 *
 * @throws {@link TotpConfigError} if an option is missing, unknown, or invalid.
 * @example
 * ```ts
 * const uri = createOtpauthUri({ secret: generateSecret(), accountName: "ada@example.com", issuer: "Acme" });
 * // otpauth://totp/Acme:ada%40example.com?secret=…&issuer=Acme
 * ```
 */
export function createOtpauthUri(input: OtpauthUriInput): string {
  const resolved = resolveOptions("createOtpauthUri", OTPAUTH_URI_OPTIONS, input);
  const { secret, accountName, issuer, ...parameters } = resolved;
  return composeOtpauthUri(secret, accountName, issuer, parameters);
}

/** Checks a name in the app's configuration. */
export function checkName(option: string, value: unknown): string {
  if (typeof value !== "string") return invalid(option, NAME_EXPECTATION, value);
  const problem = nameProblem(value);
  if (problem === undefined) return value;
  throw new TotpConfigError("INVALID_OPTION", option, { expected: NAME_EXPECTATION, got: problem });
}

/** {@link createOtpauthUri} for parts that are already checked. */
export function composeOtpauthUri(
  secret: string,
  accountName: string,
  issuer: string | undefined,
  { algorithm, digits, period }: ResolvedTotpParameters,
): string {
  const account = encodeURIComponent(accountName);
  const label = issuer === undefined ? account : `${encodeURIComponent(issuer)}:${account}`;
  return buildUri(label, issuer, secret, {
    ...(algorithm !== DEFAULT_PARAMETERS.algorithm && { algorithm }),
    ...(digits !== DEFAULT_PARAMETERS.digits && { digits }),
    ...(period !== DEFAULT_PARAMETERS.period && { period }),
  });
}
