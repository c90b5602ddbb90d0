import { encodeText } from "../../../lib/qr/encode.js";
import { renderQrCode } from "../../../lib/qr/render.js";
import { pngBytes, readPng } from "../../helpers/qr-images.js";
import { type Chunk, inflateExactly, readChunks, readHeader } from "../../helpers/qr-png.js";
import { otpauthUri, randomSecret, seededRandom } from "../../helpers/qr-uris.js";

const random = seededRandom(2083);
const usualUri = () => otpauthUri("Acme", "alice@example.com", randomSecret(random));

const small = ["1", usualUri()];
/** For versions up to 40. */
const large = ["x".repeat(700), "x".repeat(2300)];

test("the chunks are a header, data and an end, with right checksums", () => {
  for (const text of [...small, ...large]) {
    const [header, data, end, ...more] = readChunks(pngBytes(renderQrCode(text)));
    expect([header?.type, data?.type, end?.type]).toEqual(["IHDR", "IDAT", "IEND"]);
    expect([header?.data.length, end?.data.length, more.length]).toEqual([13, 0, 0]);
  }
});

test("it is grayscale with one bit a pixel, not interlaced", () => {
  const [header] = readChunks(pngBytes(renderQrCode(usualUri())));
  expect(readHeader(header as Chunk)).toEqual({
    width: 180,
    height: 180,
    bitDepth: 1,
    colorType: 0,
    compression: 0,
    filter: 0,
    interlace: 0,
  });
});

test.each([4, 5, 6, 7, 8, 9, 12, 19, 20])(
  "the data are as many lines as the picture is high, with modules of %i pixels",
  (moduleSize) => {
    for (const text of [...small, ...large]) {
      const [header, data] = readChunks(pngBytes(renderQrCode(text, { moduleSize })));
      const { width, height } = readHeader(header as Chunk);
      const lines = inflateExactly((data as Chunk).data);
      expect(lines.length).toBe(height * (1 + Math.ceil(width / 8)));
    }
  },
);

test.each([
  [4, 4, [...small, ...large]],
  [5, 4, small],
  [6, 5, small],
  [7, 6, small],
  [8, 4, small],
  [11, 9, small],
  [17, 4, small],
  [20, 20, ["1"]],
])(
  "every pixel is that of its module, or white around: moduleSize %i, margin %i",
  (moduleSize, margin, texts) => {
    for (const text of texts) {
      const { size, modules } = encodeText(text, "M");
      const picture = readPng(pngBytes(renderQrCode(text, { moduleSize, margin })));
      const side = (size + 2 * margin) * moduleSize;
      expect([picture.width, picture.height]).toEqual([side, side]);
      const expected = Buffer.alloc(side * side, 255);
      modules.forEach((dark, i) => {
        const left = (margin + (i % size)) * moduleSize;
        const top = (margin + Math.floor(i / size)) * moduleSize;
        if (!dark) return;
        for (let y = top; y < top + moduleSize; y++) {
          expected.fill(0, y * side + left, y * side + left + moduleSize);
        }
      });
      expect(Buffer.compare(picture.pixels, expected)).toBe(0);
    }
  },
);

test("there is white all around, four modules wide at least", () => {
  const { width, pixels } = readPng(pngBytes(renderQrCode(usualUri())));
  const border = 4 * 4;
  const firstDark = {
    row: Math.floor(pixels.indexOf(0) / width),
    column: pixels.indexOf(0) % width,
  };
  expect(firstDark).toEqual({ row: border, column: border });
  for (let line = 0; line < width; line++) {
    const row = pixels.subarray(line * width, (line + 1) * width);
    const ends = [row.subarray(0, border), row.subarray(width - border)];
    expect(Buffer.concat(ends).every((pixel) => pixel === 255)).toBe(true);
    const isOutside = line < border || line >= width - border;
    expect(row.every((pixel) => pixel === 255)).toBe(isOutside);
  }
});

test("the URI of a usual account makes at most 430 bytes", () => {
  const lengths = Array.from({ length: 200 }, () => pngBytes(renderQrCode(usualUri())).length);
  expect(Math.max(...lengths)).toBeLessThanOrEqual(430);
});

test.each([
  [8, 4, 800],
  [20, 20, 3200],
])(
  "large modules and margins take little more: moduleSize %i, margin %i, %i bytes",
  (moduleSize, margin, bytes) => {
    const url = renderQrCode(usualUri(), { moduleSize, margin });
    expect(pngBytes(url).length).toBeLessThanOrEqual(bytes);
  },
);
