import { describeKind } from "../base/describe.js";

/** Number of characters that are shown of each end of a long text. */
const END = 40;

/**
 * Formats a value for the message of a failure. Escapes non-ASCII characters, because the texts that a store mixes up
 * can look the same. Shows both ends of a long text.
 */
export function show(value: unknown): string {
  if (typeof value === "boolean") return String(value);
  if (typeof value !== "string") return describeKind(value);
  if (value.length <= 2 * END) return quote(value);
  return `${quote(value.slice(0, END))} … ${quote(value.slice(-END))} (${value.length} characters)`;
}

function quote(text: string): string {
  return JSON.stringify(text).replace(
    /[^ -~]/gu,
    (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`,
  );
}
