import { isDigits, stripTypedCode } from "../../otp/typed-code.js";
import { normalizeBackupCode } from "./backup-codes.js";

/** A code, told from others by its shape before anything looks at it. */
export type TypedCode =
  | { kind: "totp"; code: string }
  /** Three codes in one field. */
  | { kind: "three_codes"; codes: string }
  | { kind: "backup_code"; code: string };

/** `undefined` if no code looks like that. Such a text is no guess. */
export function readTypedCode(text: unknown, digits: number): TypedCode | undefined {
  const stripped = stripTypedCode(text);
  if (stripped === undefined) return undefined;
  if (isDigits(stripped, digits)) return { kind: "totp", code: stripped };
  if (isDigits(stripped, 3 * digits)) return { kind: "three_codes", codes: stripped };
  const code = normalizeBackupCode(stripped);
  return code === undefined ? undefined : { kind: "backup_code", code };
}
