import { constants, crc32, deflateSync } from "node:zlib";
import type { QrSymbol } from "./symbol.js";

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const FILTER_NONE = 0;
const FILTER_UP = 2;

// By default zlib sets up 256 KB of tables, which takes longer than to pack these few kilobytes; this set
// packs them tighter than the default, too.
const DEFLATE = { level: 6, strategy: constants.Z_FILTERED, windowBits: 10, memLevel: 4 };

/** Draws a symbol as a PNG of one bit a pixel, `moduleSize` pixels a module, with its quiet zone. */
export function encodePng(symbol: QrSymbol, moduleSize: number, margin: number): Buffer {
  const width = (symbol.size + 2 * margin) * moduleSize;
  const data = deflateSync(drawScanlines(symbol, moduleSize, margin, width), DEFLATE);
  const png = Buffer.alloc(SIGNATURE.length + 3 * 12 + 13 + data.length);
  png.set(SIGNATURE);
  // Width, height, bit depth. Zeros for the rest: greyscale, deflate, adaptive filtering, not interlaced.
  png.writeUInt32BE(width, 16);
  png.writeUInt32BE(width, 20);
  png[24] = 1;
  png.set(data, 41);
  let end = finishChunk(png, SIGNATURE.length, "IHDR", 13);
  end = finishChunk(png, end, "IDAT", data.length);
  finishChunk(png, end, "IEND", 0);
  return png;
}

/** Puts length, type and checksum around data that is in place, and tells where the next chunk begins. */
function finishChunk(png: Buffer, start: number, type: string, length: number): number {
  const end = start + 8 + length;
  png.writeUInt32BE(length, start);
  png.write(type, start + 4, "latin1");
  png.writeUInt32BE(crc32(png.subarray(start + 4, end)), end);
  return end + 4;
}

/** The lines of pixels, 0 for black and 1 for white. A line like the one above is an Up filter and zeros. */
function drawScanlines(
  { size, modules }: QrSymbol,
  moduleSize: number,
  margin: number,
  width: number,
): Buffer {
  const lineLength = 1 + Math.ceil(width / 8);
  const rowLength = moduleSize * lineLength;
  const lines = Buffer.alloc(width * lineLength);
  for (let at = 0; at < lines.length; at += lineLength) lines[at] = FILTER_UP;
  for (let row = 0; row < size + 2 * margin; row++) {
    const start = row * rowLength;
    lines[start] = FILTER_NONE;
    for (let at = start + 1; at < start + lineLength; at++) lines[at] = 0xff;
  }
  for (let row = 0; row < size; row++) {
    drawModules(
      modules,
      row * size,
      size,
      moduleSize,
      margin,
      lines,
      (margin + row) * rowLength + 1,
    );
  }
  return lines;
}

/** Draws a row of modules between its margins into a line that is all white. */
function drawModules(
  row: Uint8Array,
  from: number,
  size: number,
  moduleSize: number,
  margin: number,
  line: Uint8Array,
  start: number,
): void {
  const white = (1 << moduleSize) - 1;
  let at = start + ((margin * moduleSize) >> 3);
  let bits = (margin * moduleSize) & 7;
  let pixels = (1 << bits) - 1;
  for (let i = 0; i < size; i++) {
    pixels = (pixels << moduleSize) | (row[from + i] === 1 ? 0 : white);
    for (bits += moduleSize; bits >= 8; bits -= 8) line[at++] = pixels >>> (bits - 8);
  }
  if (bits > 0) line[at] = (pixels << (8 - bits)) | (0xff >>> bits);
}
