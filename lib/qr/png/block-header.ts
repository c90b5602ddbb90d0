// biome-ignore-all lint/style/noNonNullAssertion: arrays, read within their length
import { type BitWriter, reverseBits } from "./bit-writer.js";

// The widths of codes are themselves written in a prefix code (RFC 1951, 3.2.7). This one is as plain as
// can be: four bits for each width up to 12 and for the three kinds of repeats, of which two are used.
const WIDTH_OF_WIDTHS = 4;
const ZEROS_3_TO_10 = 17;
const ZEROS_11_TO_138 = 18;
const ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1];

/** Begins the last block of a stream: with prefix codes of its own, and with copies from one distance. */
export function writeBlockHeader(out: BitWriter, widths: Uint8Array, distanceSymbol: number): void {
  const isLast = 1;
  const ownCodes = 2;
  out.put(isLast | (ownCodes << 1), 3);
  out.put(widths.length - 257, 5);
  out.put(distanceSymbol, 5);
  out.put(ORDER.length - 4, 4);
  for (const symbol of ORDER) out.put(symbol === 13 || symbol === 14 ? 0 : WIDTH_OF_WIDTHS, 3);
  writeWidths(out, widths);
  // A code needs two symbols. The first distance is there for that only.
  const distanceWidths = new Array<number>(distanceSymbol + 1).fill(0);
  distanceWidths[0] = 1;
  distanceWidths[distanceSymbol] = 1;
  writeWidths(out, distanceWidths);
}

function writeWidths(out: BitWriter, widths: ArrayLike<number>): void {
  let zeros = 0;
  for (let i = 0; i < widths.length; i++) {
    if (widths[i] === 0) {
      zeros++;
      continue;
    }
    writeZeros(out, zeros);
    zeros = 0;
    writeSymbol(out, widths[i]!);
  }
  writeZeros(out, zeros);
}

function writeZeros(out: BitWriter, count: number): void {
  let left = count;
  while (left >= 11) {
    const run = Math.min(left, 138);
    writeSymbol(out, ZEROS_11_TO_138);
    out.put(run - 11, 7);
    left -= run;
  }
  if (left >= 3) {
    writeSymbol(out, ZEROS_3_TO_10);
    out.put(left - 3, 3);
    left = 0;
  }
  for (; left > 0; left--) writeSymbol(out, 0);
}

/** The symbols in use are 0 to 12 and 16 to 18, so their codes are 0 to 15 in turn. */
function writeSymbol(out: BitWriter, symbol: number): void {
  out.put(reverseBits(symbol <= 12 ? symbol : symbol - 3, WIDTH_OF_WIDTHS), WIDTH_OF_WIDTHS);
}
