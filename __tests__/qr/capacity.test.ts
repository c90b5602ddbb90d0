import { qrCodeOverflow } from "../../lib/qr/capacity.js";
import type { QrErrorCorrection } from "../../lib/qr/options.js";
import { splitSegments } from "../../lib/qr/segments.js";
import { createSymbol } from "../../lib/qr/symbol.js";
import { otpauthUri } from "../helpers/qr-uris.js";

/** The longest texts of version 40, by ISO/IEC 18004, table 7. */
const LIMITS = [
  { level: "L", bytes: 2953, alphanumeric: 4296, codewords: 2956 },
  { level: "M", bytes: 2331, alphanumeric: 3391, codewords: 2334 },
  { level: "Q", bytes: 1663, alphanumeric: 2420, codewords: 1666 },
  { level: "H", bytes: 1273, alphanumeric: 1852, codewords: 1276 },
] as const;

function qrcodeTakes(text: string, level: QrErrorCorrection): boolean {
  try {
    createSymbol(splitSegments(text), level, 0);
    return true;
  } catch (error) {
    expect(String(error)).toMatch(/amount of data is too big/);
    return false;
  }
}

/** The longest text of a kind that fits, by bisection; and that qrcode agrees on either side. */
function findBorder(level: QrErrorCorrection, text: (length: number) => string): number {
  let [fits, tooLong] = [1, 10_000];
  while (tooLong - fits > 1) {
    const length = (fits + tooLong) >> 1;
    if (qrCodeOverflow(text(length), level)) tooLong = length;
    else fits = length;
  }
  expect(qrcodeTakes(text(fits), level)).toBe(true);
  expect(qrcodeTakes(text(tooLong), level)).toBe(false);
  return fits;
}

describe.each(LIMITS)("level $level", ({ level, bytes, alphanumeric, codewords }) => {
  test("has the room that the standard tells", () => {
    expect(findBorder(level, (length) => "a".repeat(length))).toBe(bytes);
    expect(findBorder(level, (length) => "A".repeat(length))).toBe(alphanumeric);
  });

  test("counts bytes, not characters", () => {
    expect(findBorder(level, (length) => "é".repeat(length))).toBe(Math.floor(bytes / 2));
    expect(findBorder(level, (length) => "漢".repeat(length))).toBe(Math.floor(bytes / 3));
    expect(findBorder(level, (length) => "🔐".repeat(length))).toBe(Math.floor(bytes / 4));
  });

  test("agrees with qrcode about texts of several segments", () => {
    const secret = "A".repeat(32);
    findBorder(level, (length) => otpauthUri("Acme", "a".repeat(length), secret));
    findBorder(level, (length) => otpauthUri("Acme", "ж".repeat(length), secret));
    findBorder(level, (length) => otpauthUri("Acme", "aж".repeat(length), secret));
    findBorder(level, (length) => `é${"ABCDEFGHIJKLMNOPQ".repeat(length)}é`.repeat(2));
  });

  test("tells how many bytes are needed, and how many there are", () => {
    expect(qrCodeOverflow("a".repeat(bytes), level)).toBeUndefined();
    expect(qrCodeOverflow("a".repeat(bytes + 1), level)).toEqual({
      needed: codewords + 1,
      limit: codewords,
    });
    expect(qrCodeOverflow("a".repeat(10_000), level)).toEqual({
      needed: 10_003,
      limit: codewords,
    });
  });
});
