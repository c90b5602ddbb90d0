import { describeKind } from "../base/describe.js";

/** The most that is shown of each end of a text. */
const END = 40;

/**
 * A value for a failure's message. Whatever is not ASCII is escaped, as the very texts that are mixed up
 * look the same, and of long ones both ends are shown.
 */
export function show(value: unknown): string {
  if (typeof value === "boolean") return String(value);
  if (typeof value !== "string") return describeKind(value);
  if (value.length <= 2 * END) return quote(value);
  return `${quote(value.slice(0, END))} … ${quote(value.slice(-END))} (${value.length} characters)`;
}

function quote(text: string): string {
  return JSON.stringify(text).replace(/[^ -~]/gu, (character) => {
    const codePoint = character.codePointAt(0) ?? 0;
    return `\\u{${codePoint.toString(16)}}`;
  });
}
