// biome-ignore-all lint/style/noNonNullAssertion: typed arrays, read within their length
import type { Scanlines } from "./scanlines.js";

/** Some bytes as they are, then a copy of bytes from one line above. */
export interface Step {
  from: number;
  to: number;
  /** How many bytes to copy, across the ends of lines if need be. */
  copy: number;
}

/** Copies where a line repeats, and where it begins or ends as the one before: all have their margins alike. */
export function planSteps({ bytes, lineLength, repeats }: Scanlines): Step[] {
  const steps: Step[] = [];
  let previous: Step | undefined;
  for (let line = 0; line < repeats.length; line++) {
    const start = line * lineLength;
    const end = start + lineLength;
    let from = start;
    let to = end;
    if (previous) {
      while (from < to && bytes[from] === bytes[from - lineLength]) from++;
      while (from < to && bytes[to - 1] === bytes[to - 1 - lineLength]) to--;
      previous.copy += from - start;
    }
    previous = { from, to, copy: end - to + (repeats[line]! - 1) * lineLength };
    steps.push(previous);
  }
  return steps;
}

/** A length or distance in a deflate stream: a symbol, and bits that follow it. */
export interface Coded {
  symbol: number;
  extra: number;
  extraBits: number;
}

/** The next length of a copy that is longer than one can be: 3 to 258, and no fewer than 3 are left. */
export function nextLength(copy: number): number {
  return copy <= 258 ? copy : Math.min(258, copy - 3);
}

/** The table of lengths in RFC 1951, 3.2.5: four symbols for each number of extra bits, but for the ends. */
export function codeLength(length: number): Coded {
  if (length === 258) return { symbol: 285, extra: 0, extraBits: 0 };
  const offset = length - 3;
  const extraBits = Math.max(0, 29 - Math.clz32(offset));
  const symbol = 257 + 4 * extraBits + (offset >> extraBits);
  return { symbol, extra: offset & ((1 << extraBits) - 1), extraBits };
}

/** The table of distances there: two symbols for each number of extra bits. */
export function codeDistance(distance: number): Coded {
  const offset = distance - 1;
  const extraBits = Math.max(0, 30 - Math.clz32(offset));
  const symbol = 2 * extraBits + (offset >> extraBits);
  return { symbol, extra: offset & ((1 << extraBits) - 1), extraBits };
}
