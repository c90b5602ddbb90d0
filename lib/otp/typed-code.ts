/** Longer texts are rejected unread: no code is this long, even with spaces between its characters. */
const LONGEST_TEXT = 128;

/**
 * Strips everything that people type or paste into a code: white space, hyphens, and invisible formatting characters.
 * Full-width digits, which input methods produce, become ASCII; digits of other scripts are left alone. Returns
 * `undefined` if the value is not a string or is too long.
 */
export function stripTypedCode(text: unknown): string | undefined {
  if (typeof text !== "string" || text.length > LONGEST_TEXT) return undefined;
  return text
    .replace(/[\s\p{Zs}\p{Pd}\p{Cf}]/gu, "")
    .replace(/[\uff10-\uff19]/g, (digit) => String(digit.charCodeAt(0) - 0xff10));
}

/** Whether a stripped text consists of exactly `count` ASCII digits. */
export function isDigits(text: string, count: number): boolean {
  return text.length === count && /^[0-9]+$/.test(text);
}
