import { isDigits, stripTypedCode } from "../../otp/typed-code.js";
import { normalizeBackupCode } from "./backup-codes.js";

/** A typed code. Its kind follows from its shape alone. */
export type TypedCode =
  | { kind: "totp"; code: string }
  /** Three consecutive codes in one field. */
  | { kind: "three_codes"; codes: string }
  | { kind: "backup_code"; code: string };

/** Returns `undefined` if the text cannot be a code. Such a text does not count as a guess. */
export function readTypedCode(text: unknown, digits: number): TypedCode | undefined {
  const stripped = stripTypedCode(text);
  if (stripped === undefined) return undefined;
  if (isDigits(stripped, digits)) return { kind: "totp", code: stripped };
  if (isDigits(stripped, 3 * digits)) return { kind: "three_codes", codes: stripped };
  const code = normalizeBackupCode(stripped);
  return code === undefined ? undefined : { kind: "backup_code", code };
}
