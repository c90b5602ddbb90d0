// biome-ignore-all lint/style/noNonNullAssertion: typed arrays, read within their length
import { BitWriter } from "./bit-writer.js";
import { writeBlockHeader } from "./block-header.js";
import { codeDistance, codeLength, nextLength, planSteps, type Step } from "./copies.js";
import { huffmanCode, type PrefixCode } from "./huffman.js";
import type { Scanlines } from "./scanlines.js";

const END_OF_BLOCK = 256;
const SYMBOLS = 286;
const ZLIB_HEADER = 0x0178;

/**
 * Compresses scanlines into a zlib stream (RFC 1950 and 1951). `node:zlib` searches for the repeats that
 * are known here: it takes more than twice as long, and its result is no smaller.
 */
export function deflateScanlines(lines: Scanlines): Uint8Array {
  const steps = planSteps(lines);
  const code = huffmanCode(countSymbols(lines.bytes, steps));
  const out = new BitWriter(lines.bytes.length);
  out.put(ZLIB_HEADER, 16);
  writeBlockHeader(out, code.widths, codeDistance(lines.lineLength).symbol);
  for (const step of steps) {
    writeBytes(out, code, lines.bytes, step);
    writeCopy(out, code, step.copy, lines.lineLength);
  }
  putSymbol(out, code, END_OF_BLOCK);
  out.align();
  const checksum = adler32(lines);
  for (let shift = 24; shift >= 0; shift -= 8) out.put((checksum >>> shift) & 0xff, 8);
  return out.written();
}

function countSymbols(bytes: Uint8Array, steps: readonly Step[]): Uint32Array {
  const counts = new Uint32Array(SYMBOLS);
  for (const { from, to, copy } of steps) {
    for (let i = from; i < to; i++) counts[bytes[i]!]!++;
    for (let left = copy; left > 0; left -= nextLength(left)) {
      counts[codeLength(nextLength(left)).symbol]!++;
    }
  }
  counts[END_OF_BLOCK] = 1;
  return counts;
}

function putSymbol(out: BitWriter, { codes, widths }: PrefixCode, symbol: number): void {
  out.put(codes[symbol]!, widths[symbol]!);
}

function writeBytes(out: BitWriter, code: PrefixCode, bytes: Uint8Array, { from, to }: Step): void {
  for (let i = from; i < to; i++) putSymbol(out, code, bytes[i]!);
}

function writeCopy(out: BitWriter, code: PrefixCode, copy: number, distance: number): void {
  for (let left = copy; left > 0; left -= nextLength(left)) {
    const { symbol, extra, extraBits } = codeLength(nextLength(left));
    putSymbol(out, code, symbol);
    out.put(extra, extraBits);
    // Of the two codes for distances, 0 and 1, this is the second.
    out.put(1, 1);
    const coded = codeDistance(distance);
    out.put(coded.extra, coded.extraBits);
  }
}

/** The checksum of the lines with all their repeats (RFC 1950, 8.2). */
function adler32({ bytes, lineLength, repeats }: Scanlines): number {
  const modulus = 65521;
  let a = 1;
  let b = 0;
  for (let line = 0; line < repeats.length; line++) {
    let sum = 0;
    let sumOfSums = 0;
    for (let i = line * lineLength; i < (line + 1) * lineLength; i++) {
      sum += bytes[i]!;
      sumOfSums += sum;
    }
    for (let times = 0; times < repeats[line]!; times++) {
      b = (b + a * lineLength + sumOfSums) % modulus;
      a = (a + sum) % modulus;
    }
  }
  return (b << 16) | a;
}
