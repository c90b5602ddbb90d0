/** Longer texts are not looked at: no code is, whatever was typed between its characters. */
const LONGEST_TEXT = 128;

/**
 * A code without what people type or paste into it: spaces of every kind, hyphens, invisible formatting
 * characters. Full-width digits, which input methods produce, become ASCII; digits of other scripts stay
 * what they are. `undefined` for what is no text of a code's length.
 */
export function stripTypedCode(text: unknown): string | undefined {
  if (typeof text !== "string" || text.length > LONGEST_TEXT) return undefined;
  return text
    .replace(/[\s\p{Zs}\p{Pd}\p{Cf}]/gu, "")
    .replace(/[\uff10-\uff19]/g, (digit) => String(digit.charCodeAt(0) - 0xff10));
}

/** Whether a stripped text is that many ASCII digits. */
export function isDigits(text: string, count: number): boolean {
  return text.length === count && /^[0-9]+$/.test(text);
}
