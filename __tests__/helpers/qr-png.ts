import { crc32, inflateSync } from "node:zlib";

export interface Chunk {
  type: string;
  data: Buffer;
}

/** Takes a PNG apart as strictly as pngcheck; throws where something is wrong or too many. */
export function readChunks(png: Buffer): Chunk[] {
  if (png.toString("latin1", 0, 8) !== "\x89PNG\r\n\x1a\n") throw new Error("not a PNG");
  const chunks: Chunk[] = [];
  for (let at = 8; at < png.length; ) {
    const end = at + 8 + png.readUInt32BE(at);
    const type = png.toString("latin1", at + 4, at + 8);
    if (png.readUInt32BE(end) !== crc32(png.subarray(at + 4, end))) throw new Error(`CRC: ${type}`);
    chunks.push({ type, data: png.subarray(at + 8, end) });
    at = end + 4;
  }
  return chunks;
}

export function readHeader({ data }: Chunk) {
  return {
    width: data.readUInt32BE(0),
    height: data.readUInt32BE(4),
    bitDepth: data[8],
    colorType: data[9],
    compression: data[10],
    filter: data[11],
    interlace: data[12],
  };
}

/** The scanlines, each a filter type and pixels. Nothing may follow the compressed data. */
export function inflateExactly(data: Buffer): Buffer {
  const { buffer, engine } = inflateSync(data, { info: true }) as unknown as {
    buffer: Buffer;
    engine: { bytesWritten: number };
  };
  if (engine.bytesWritten !== data.length) throw new Error("bytes after the compressed data");
  return buffer;
}
