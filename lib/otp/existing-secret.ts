import { oneOf } from "../base/checks.js";
import { describeKind } from "../base/describe.js";
import { TotpConfigError } from "../base/errors.js";
import { decodeBase32 } from "./base32.js";
import { SHORTEST_KEY_BYTES } from "./secret.js";

/**
 * How the secret of another library is encoded as text.
 *
 * @example
 * ```ts
 * const encoding: SecretEncoding = "base32";
 * await totp.importEnrollment(user.id, { secret: "JBSWY3DPEHPK3PXPJBSWY3DP", encoding });
 * ```
 */
export type SecretEncoding = "ascii" | "base32" | "hex";

/** Longer keys were not generated for an authenticator app. */
const LONGEST_KEY_BYTES = 128;

const ALPHABETS: Readonly<Record<SecretEncoding, string>> = {
  ascii: "ASCII characters, one per byte",
  base32: "base32 (A-Z, 2-7)",
  hex: "hexadecimal digits, two per byte",
};

const checkEncoding = oneOf(["ascii", "base32", "hex"]);

/** Decodes the secret of another library. The error does not show it. */
export function decodeExistingSecret(secret: unknown, encoding: unknown): Buffer {
  const checked = checkEncoding("encoding", encoding);
  const key = typeof secret === "string" ? decode(secret, checked) : undefined;
  if (key && key.length >= SHORTEST_KEY_BYTES && key.length <= LONGEST_KEY_BYTES) return key;
  throw new TotpConfigError(secret === undefined ? "MISSING_OPTION" : "INVALID_OPTION", "secret", {
    expected: `${ALPHABETS[checked]}, for ${SHORTEST_KEY_BYTES} to ${LONGEST_KEY_BYTES} bytes`,
    got: describeKind(secret),
  });
}

function decode(text: string, encoding: SecretEncoding): Buffer | undefined {
  switch (encoding) {
    case "ascii":
      warnIfEncoded(text);
      return isAscii(text) ? Buffer.from(text) : undefined;
    case "hex":
      return /^([0-9a-f]{2})*$/i.test(text) ? Buffer.from(text, "hex") : undefined;
    case "base32":
      // People write it in groups, and some libraries store it in lower case or padded.
      return decodeBase32(text.replace(/[\s-]|=+\s*$/g, "").replace(/[a-z]/g, toUpperCase));
  }
}

let hasWarned = false;

/** A wrong encoding is only noticed when no code works, and by then all users can be imported. */
function warnIfEncoded(text: string): void {
  if (hasWarned || !/^(?:[A-Z2-7]{16,}=*|[a-z2-7]{16,}|[0-9a-f]{32,}|[0-9A-F]{32,})$/.test(text))
    return;
  hasWarned = true;
  process.emitWarning(
    'A secret was passed with the encoding "ascii", but looks like base32 or hexadecimal. ' +
      "If the codes of imported users are wrong, pass that encoding.",
    { type: "TotpWarning", code: "TOTP_SECRET_ENCODING" },
  );
}

function isAscii(text: string): boolean {
  return Buffer.byteLength(text) === text.length;
}

function toUpperCase(text: string): string {
  return text.toUpperCase();
}
