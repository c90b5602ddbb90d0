// biome-ignore-all lint/style/noNonNullAssertion: typed arrays, read within their length
import type { QrSymbol } from "../symbol.js";

const FILTER_NONE = 0;
const FILTER_UP = 2;
const WHITE_PIXELS = 0xff;

/**
 * Renders a symbol and its quiet zone with one bit per pixel, 0 for black and 1 for white. Each line consists of a
 * filter type and its pixels. A line that repeats the one above consists of zeros with the filter "up", which compress
 * well for every line length.
 */
export function renderScanlines(
  { size, modules }: QrSymbol,
  moduleSize: number,
  margin: number,
): Uint8Array {
  const quietZone = margin * moduleSize;
  const side = size * moduleSize + 2 * quietZone;
  const lineLength = 1 + Math.ceil(side / 8);
  const lines = new Uint8Array(side * lineLength);
  for (let start = 0; start < lines.length; start += lineLength) lines[start] = FILTER_UP;
  const startWhiteLine = (y: number): number => {
    const start = y * lineLength;
    lines[start] = FILTER_NONE;
    lines.fill(WHITE_PIXELS, start + 1, start + lineLength);
    return start;
  };
  startWhiteLine(0);
  startWhiteLine(side - quietZone);
  const white = (1 << moduleSize) - 1;
  let module = 0;
  for (let row = 0; row < size; row++) {
    let at = startWhiteLine(quietZone + row * moduleSize) + 1 + (quietZone >> 3);
    let bits = quietZone & 7;
    let pixels = (1 << bits) - 1;
    for (let column = 0; column < size; column++) {
      pixels = (pixels << moduleSize) | ((modules[module++]! - 1) & white);
      for (bits += moduleSize; bits >= 8; bits -= 8) lines[at++] = pixels >>> (bits - 8);
    }
    if (bits > 0) lines[at] = (pixels << (8 - bits)) | (WHITE_PIXELS >>> bits);
  }
  return lines;
}
