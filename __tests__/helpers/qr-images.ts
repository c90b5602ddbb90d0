import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { PNG } from "pngjs";

const run = promisify(execFile);

export function pngBytes(dataUrl: string): Buffer {
  return Buffer.from(afterPrefix(dataUrl, "data:image/png;base64,"), "base64");
}

export function svgMarkup(dataUrl: string): string {
  return decodeURIComponent(afterPrefix(dataUrl, "data:image/svg+xml,"));
}

function afterPrefix(text: string, prefix: string): string {
  if (!text.startsWith(prefix)) throw new Error(`expected ${prefix}…, got ${text.slice(0, 40)}`);
  return text.slice(prefix.length);
}

export interface Picture {
  width: number;
  height: number;
  /** Row by row: 0 for black and 255 for white. */
  pixels: Buffer;
}

const BLACK = 0x000000ff;
const WHITE = 0xffffffff;

/** Reads a PNG whose pixels are all black or white, and opaque. */
export function readPng(bytes: Buffer): Picture {
  const { width, height, data } = PNG.sync.read(bytes);
  const rgba = new DataView(data.buffer, data.byteOffset);
  const pixels = Buffer.alloc(width * height);
  for (let i = 0; i < pixels.length; i++) {
    const color = rgba.getUint32(4 * i);
    if (color === WHITE) pixels[i] = 255;
    else if (color !== BLACK) throw new Error(`a pixel of the color #${color.toString(16)}`);
  }
  return { width, height, pixels };
}

/** Has rsvg-convert draw an SVG as a PNG. */
export async function rasterize(svg: string): Promise<Buffer> {
  const process = run("rsvg-convert", [], { encoding: "buffer", maxBuffer: 2 ** 26 });
  process.child.stdin?.end(svg);
  return (await process).stdout;
}

/** Places SVGs of QR codes one below the other: drawn and scanned together they take a tenth of the time. */
export function stackSvgs(svgs: readonly string[]): string {
  let width = 0;
  let height = 0;
  const placed = svgs.map((svg) => {
    const side = Number(/ width="(\d+)"/.exec(svg)?.[1]);
    const moved = svg.replace("<svg ", `<svg y="${height}" `);
    width = Math.max(width, side);
    height += side;
    return moved;
  });
  const size = `width="${width}" height="${height}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size}><rect ${size} fill="white"/>${placed.join("")}</svg>`;
}

/** The texts that were read off PNGs. Of a QR code that could not be read there is none. */
export type Scan = (pngs: readonly Buffer[]) => Promise<string[]>;

/** By zbar, which knows nothing of this library. A text has no line break; a PNG may have many QR codes. */
export const scanWithZbar: Scan = async (pngs) => {
  const folder = mkdtempSync(path.join(tmpdir(), "qr-codes-"));
  try {
    const files = pngs.map((_, i) => path.join(folder, `${i}.png`));
    pngs.forEach((png, i) => {
      writeFileSync(files[i] as string, png);
    });
    const options = ["--quiet", "--raw", "-Sdisable", "-Sqrcode.enable"];
    const { stdout } = await run("zbarimg", [...options, ...files], { maxBuffer: 2 ** 26 });
    return stdout.trimEnd().split("\n");
  } finally {
    rmSync(folder, { recursive: true });
  }
};

/** By jsQR, which knows nothing of this library. It reads one QR code of a PNG or picture. */
export async function scanWithJsQr(images: readonly (Buffer | Picture)[]): Promise<string[]> {
  // Compiled from an ES module: what is the default export here depends on who imports it.
  const jsQR: typeof import("jsqr").default = require("jsqr").default;
  return images.flatMap((image) => {
    const { width, height, pixels } = Buffer.isBuffer(image) ? readPng(image) : image;
    const rgba = new Uint8ClampedArray(4 * pixels.length).fill(255);
    for (let i = 0; i < rgba.length; i++) {
      if (i % 4 !== 3) rgba[i] = pixels[i >> 2] as number;
    }
    const found = jsQR(rgba, width, height, { inversionAttempts: "dontInvert" });
    return found ? [found.data] : [];
  });
}
