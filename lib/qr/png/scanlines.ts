// biome-ignore-all lint/style/noNonNullAssertion: typed arrays, read within their length
import type { QrSymbol } from "../symbol.js";

/** The lines of a picture, each once where it repeats. A line is a filter type (0, none) and its pixels. */
export interface Scanlines {
  bytes: Uint8Array;
  lineLength: number;
  /** How often each line comes in turn. */
  repeats: number[];
}

/** Draws a symbol and its quiet zone with one bit a pixel, 0 for black and 1 for white. */
export function renderScanlines(
  { size, modules }: QrSymbol,
  moduleSize: number,
  margin: number,
): Scanlines {
  const quietZone = margin * moduleSize;
  const lineLength = 1 + Math.ceil((size * moduleSize + 2 * quietZone) / 8);
  const repeats = [quietZone, ...new Array<number>(size).fill(moduleSize), quietZone];
  const bytes = new Uint8Array(repeats.length * lineLength).fill(0xff);
  for (let start = 0; start < bytes.length; start += lineLength) bytes[start] = 0;
  const white = (1 << moduleSize) - 1;
  let module = 0;
  for (let row = 0; row < size; row++) {
    let at = (row + 1) * lineLength + 1 + (quietZone >> 3);
    let bits = quietZone & 7;
    let pixels = (1 << bits) - 1;
    for (let column = 0; column < size; column++) {
      pixels = (pixels << moduleSize) | ((modules[module++]! - 1) & white);
      for (bits += moduleSize; bits >= 8; bits -= 8) bytes[at++] = pixels >>> (bits - 8);
    }
    if (bits > 0) bytes[at] = (pixels << (8 - bits)) | (0xff >>> bits);
  }
  return { bytes, lineLength, repeats };
}
