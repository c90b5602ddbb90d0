import { constants, crc32, deflateSync } from "node:zlib";
import type { QrSymbol } from "../symbol.js";
import { renderScanlines } from "./scanlines.js";

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
// A chunk consists of a length and a type of four bytes each, its data, and a checksum of four bytes.
const IHDR_DATA = SIGNATURE.length + 8;
const IHDR_LENGTH = 13;
const IDAT_DATA = IHDR_DATA + IHDR_LENGTH + 4 + 8;
const IEND_AND_IDAT_CHECKSUM = 4 + 12;

// Most bytes of the pixels have one of a few values. Huffman codes store them in less space than the short copies that
// zlib prefers. `Z_FILTERED` avoids such copies, but only from level 4. Higher levels take longer and save 4 % of a
// typical image. Repeated lines are zeros, so a small window is enough.
const DEFLATE_OPTIONS = {
  level: 4,
  strategy: constants.Z_FILTERED,
  windowBits: 10,
  memLevel: 5,
  chunkSize: 1024,
};

/** Renders a symbol and its quiet zone as a PNG with one bit per pixel and `moduleSize` pixels per module. */
export function encodePng(symbol: QrSymbol, moduleSize: number, margin: number): Buffer {
  const width = (symbol.size + 2 * margin) * moduleSize;
  const data = deflateSync(renderScanlines(symbol, moduleSize, margin), DEFLATE_OPTIONS);
  const png = Buffer.alloc(IDAT_DATA + data.length + IEND_AND_IDAT_CHECKSUM);
  png.set(SIGNATURE);
  // Width, height, bit depth. Zeros for the rest: grayscale, deflate, adaptive filtering, not interlaced.
  png.writeUInt32BE(width, IHDR_DATA);
  png.writeUInt32BE(width, IHDR_DATA + 4);
  png[IHDR_DATA + 8] = 1;
  png.set(data, IDAT_DATA);
  let end = finishChunk(png, SIGNATURE.length, "IHDR", IHDR_LENGTH);
  end = finishChunk(png, end, "IDAT", data.length);
  finishChunk(png, end, "IEND", 0);
  return png;
}

/** Writes the length, type, and checksum around data that is already there. Returns where the next chunk begins. */
function finishChunk(png: Buffer, start: number, type: string, length: number): number {
  const end = start + 8 + length;
  png.writeUInt32BE(length, start);
  png.write(type, start + 4, "latin1");
  png.writeUInt32BE(crc32(png.subarray(start + 4, end)), end);
  return end + 4;
}
