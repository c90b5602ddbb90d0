import fc from "fast-check";
import { deflateScanlines } from "../../../lib/qr/png/deflate.js";
import { renderScanlines, type Scanlines } from "../../../lib/qr/png/scanlines.js";
import { inflateExactly } from "../../helpers/qr-png.js";
import { seededRandom } from "../../helpers/qr-uris.js";

/** The lines with all their repeats. */
function unfold({ bytes, lineLength, repeats }: Scanlines): Buffer {
  const lines = repeats.flatMap((repeat, line) => {
    const bytesOfLine = bytes.subarray(line * lineLength, (line + 1) * lineLength);
    return new Array<Uint8Array>(repeat).fill(bytesOfLine);
  });
  return Buffer.concat(lines);
}

/** zlib checks the checksum, and that the prefix codes are complete. */
function inflated(lines: Scanlines): Buffer {
  return inflateExactly(Buffer.from(deflateScanlines(lines)));
}

test("what zlib inflates is what was deflated, for lines of any kind", () => {
  const anyLines = fc
    .record({
      lineLength: fc.integer({ min: 12, max: 300 }),
      values: fc.uniqueArray(fc.nat({ max: 255 }), { minLength: 1, maxLength: 30 }),
      repeats: fc.array(fc.integer({ min: 4, max: 400 }), { minLength: 1, maxLength: 30 }),
      seed: fc.nat(),
    })
    .map(({ lineLength, values, repeats, seed }): Scanlines => {
      const random = seededRandom(seed);
      // Skewed, so that codes of many widths are needed.
      const any = () => values[Math.floor(random() ** 3 * values.length)] as number;
      return {
        bytes: Uint8Array.from({ length: repeats.length * lineLength }, any),
        lineLength,
        repeats,
      };
    });
  fc.assert(
    fc.property(anyLines, (lines) => {
      expect(Buffer.compare(inflated(lines), unfold(lines))).toBe(0);
    }),
  );
});

test.each([1, 2, 7, 40])(
  "what zlib inflates is the symbol, in version %i of any size",
  (version) => {
    const random = seededRandom(version);
    const size = 17 + 4 * version;
    const modules = Uint8Array.from({ length: size * size }, () => (random() < 0.5 ? 0 : 1));
    for (let moduleSize = 4; moduleSize <= 20; moduleSize += version === 40 ? 4 : 1) {
      for (const margin of [4, 5, 20]) {
        const lines = renderScanlines({ version, size, modules }, moduleSize, margin);
        expect(Buffer.compare(inflated(lines), unfold(lines))).toBe(0);
      }
    }
  },
);

test("lines that are all alike, and lines that have nothing in common", () => {
  for (const bytes of [new Uint8Array(60), Uint8Array.from({ length: 60 }, (_, i) => i)]) {
    const lines = { bytes, lineLength: 20, repeats: [4, 4, 4] };
    expect(Buffer.compare(inflated(lines), unfold(lines))).toBe(0);
  }
});
