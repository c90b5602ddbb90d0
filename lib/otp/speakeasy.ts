import { createHmac } from "node:crypto";
import speakeasy from "speakeasy";
import type { ResolvedTotpParameters, TotpAlgorithm, TotpDigits } from "./parameters.js";

const SPEAKEASY_ALGORITHMS = { SHA1: "sha1", SHA256: "sha256", SHA512: "sha512" } as const;

/**
 * Computes the code of one counter value (RFC 4226 §5.3). The HMAC is computed here and passed to speakeasy, which
 * would truncate counters to 32 bits and call the deprecated `new Buffer`.
 */
export function computeCode(
  key: Buffer,
  counter: number,
  algorithm: TotpAlgorithm,
  digits: TotpDigits,
): string {
  const message = Buffer.alloc(8);
  message.writeBigUInt64BE(BigInt(counter));
  const digest = createHmac(algorithm, key).update(message).digest();
  return speakeasy.hotp({ secret: "", counter, digits, digest });
}

/** Builds the URI from checked parts. `label` must be percent-encoded already. */
export function buildUri(
  label: string,
  issuer: string | undefined,
  secret: string,
  { algorithm, digits, period }: Partial<ResolvedTotpParameters>,
): string {
  return speakeasy.otpauthURL({
    secret,
    encoding: "base32",
    label,
    issuer,
    ...(algorithm && { algorithm: SPEAKEASY_ALGORITHMS[algorithm] }),
    ...(digits && { digits }),
    ...(period && { period }),
  });
}
