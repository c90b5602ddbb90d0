import { readClock } from "../base/clock.js";
import { TotpCallbackError } from "../base/errors.js";
import { composeOtpauthUri } from "../otp/otpauth-uri.js";
import type { ResolvedTotpParameters, TotpAlgorithm, TotpDigits } from "../otp/parameters.js";
import { generateSecretOf } from "../otp/secret.js";
import { qrCodeOverflow } from "../qr/capacity.js";
import type { Account } from "./account.js";
import type { EnrollmentConfig } from "./options.js";

/**
 * What {@link createTotpSetupRouter} passes to `savePendingSecret` besides the secret: everything that the
 * authenticator app is given, and the time at which the secret expires.
 *
 * @example
 * ```ts
 * const savePendingSecret = (userId: number, secret: string, details: PendingSecretDetails) =>
 *   users.update(userId, { pendingSecret: secret, pendingUntil: details.expiresAt });
 * ```
 */
export interface PendingSecretDetails extends ResolvedTotpParameters {
  /** The name of your app in the authenticator app; `undefined` without the option `issuer`. */
  issuer: string | undefined;
  /** The name of the account in the authenticator app. */
  accountName: string;
  /** The hash function of the codes. */
  algorithm: TotpAlgorithm;
  /** The length of the codes. */
  digits: TotpDigits;
  /** Seconds that a code is valid. */
  period: number;
  /** The text of the QR code. It contains the secret. */
  otpauthUri: string;
  /** After this time, your app must not confirm the secret. */
  expiresAt: Date;
}

/** A secret that is not confirmed yet. */
export interface PendingSecret {
  secret: string;
  details: PendingSecretDetails;
}

/** Generates a secret, and checks that its URI fits a QR code before anything is saved. */
export function generatePendingSecret(config: EnrollmentConfig, account: Account): PendingSecret {
  const { parameters, pendingSeconds, qrCode, secretBytes } = config;
  const { issuer, accountName } = account;
  const secret = generateSecretOf(secretBytes);
  const otpauthUri = composeOtpauthUri(secret, accountName, issuer, parameters);
  const overflow = qrCodeOverflow(otpauthUri, qrCode.errorCorrection);
  if (overflow) {
    throw new TotpCallbackError("issuer and accountName", {
      expected: `names that fit a QR code, which has room for ${overflow.limit} bytes`,
      got: `${overflow.needed} bytes`,
    });
  }
  const expiresAt = new Date(readClock(config.now) + pendingSeconds * 1000);
  return { secret, details: { issuer, accountName, ...parameters, otpauthUri, expiresAt } };
}
