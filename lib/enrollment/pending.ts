import { readClock } from "../base/clock.js";
import { TotpCallbackError } from "../base/errors.js";
import { composeOtpauthUri } from "../otp/otpauth-uri.js";
import type { ResolvedTotpParameters } from "../otp/parameters.js";
import { generateSecretOf } from "../otp/secret.js";
import { qrCodeOverflow } from "../qr/capacity.js";
import type { Account } from "./account.js";
import type { EnrollmentConfig } from "./options.js";

/** What there is to know of a pending secret besides the secret. */
export interface PendingSecretDetails extends ResolvedTotpParameters {
  /** Who the account is with, as the authenticator app shows it; `undefined` without the option `issuer`. */
  issuer: string | undefined;
  /** Whose account it is, as the authenticator app shows it. */
  accountName: string;
  /** What the QR code says. It contains the secret. */
  otpauthUri: string;
  /** When the secret must stop being confirmable. */
  expiresAt: Date;
}

/** A secret on its way to becoming an enrollment. */
export interface PendingSecret {
  secret: string;
  details: PendingSecretDetails;
}

/** Generates a secret, and makes sure that it can be shown before anything is saved. */
export function generatePendingSecret(config: EnrollmentConfig, account: Account): PendingSecret {
  const { parameters, pendingSeconds, qrCode, secretBytes } = config;
  const { issuer, accountName } = account;
  const secret = generateSecretOf(secretBytes);
  const otpauthUri = composeOtpauthUri(secret, accountName, issuer, parameters);
  const overflow = qrCodeOverflow(otpauthUri, qrCode.errorCorrection);
  if (overflow) {
    throw new TotpCallbackError("issuer and accountName", {
      expected: `names short enough for a QR code, which has room for ${overflow.limit} bytes`,
      got: `${overflow.needed} bytes`,
    });
  }
  const expiresAt = new Date(readClock(config.now) + pendingSeconds * 1000);
  return { secret, details: { issuer, accountName, ...parameters, otpauthUri, expiresAt } };
}
