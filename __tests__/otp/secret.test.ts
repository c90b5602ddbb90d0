import { decodeBase32 } from "../../lib/otp/base32.js";
import { decodeSecret, generateSecret } from "../../lib/otp/secret.js";
import { thrownBy } from "../helpers/thrown-by.js";

describe("generateSecret", () => {
  test("gives 160 bits as 32 characters of unpadded upper-case base32", () => {
    expect(generateSecret()).toMatch(/^[A-Z2-7]{32}$/);
    expect(decodeBase32(generateSecret())).toHaveLength(20);
  });

  test("gives as many bytes as were asked for, from 16 to 64", () => {
    for (let bytes = 16; bytes <= 64; bytes++) {
      const secret = generateSecret(bytes);
      expect(secret).toMatch(/^[A-Z2-7]+$/);
      expect(decodeBase32(secret)).toHaveLength(bytes);
    }
  });

  test.each([15, 0, -20, 65, 20.5, Number.NaN, "20", null, {}])("refuses %p bytes", (bytes) => {
    expect(thrownBy(() => generateSecret(bytes as number))).toMatchObject({
      name: "TotpConfigError",
      code: "INVALID_OPTION",
      option: "bytes",
      fix: "RFC 4226 requires at least 16 bytes (128 bits).",
    });
  });

  test("draws each bit on its own, half of them ones", () => {
    const DRAWS = 4000;
    const keys = Array.from({ length: DRAWS }, () => decodeBase32(generateSecret()) as Buffer);
    const ones = new Array<number>(160).fill(0);
    for (const key of keys) {
      for (let bit = 0; bit < 160; bit++) {
        ones[bit] = Number(ones[bit]) + ((Number(key[bit >> 3]) >> (bit & 7)) & 1);
      }
    }
    // Six standard deviations of a fair coin: by chance once in three million runs of all 160.
    const tolerance = 6 * Math.sqrt(DRAWS / 4);
    expect(Math.min(...ones)).toBeGreaterThan(DRAWS / 2 - tolerance);
    expect(Math.max(...ones)).toBeLessThan(DRAWS / 2 + tolerance);
  });

  test("uses each of the 32 characters in each place equally", () => {
    const DRAWS = 8000;
    const counts = new Map<string, number>();
    for (let i = 0; i < DRAWS; i++) {
      for (const [place, character] of [...generateSecret()].entries()) {
        const key = `${place}${character}`;
        counts.set(key, (counts.get(key) ?? 0) + 1);
      }
    }
    const expected = DRAWS / 32;
    const tolerance = 6.5 * Math.sqrt(expected);
    expect(counts.size).toBe(32 * 32);
    expect(Math.min(...counts.values())).toBeGreaterThan(expected - tolerance);
    expect(Math.max(...counts.values())).toBeLessThan(expected + tolerance);
  });

  test("never repeats itself", () => {
    expect(new Set(Array.from({ length: 10_000 }, () => generateSecret(16))).size).toBe(10_000);
  });
});

describe("a secret that cannot be used", () => {
  test.each<[string, unknown, string]>([
    ["missing", undefined, "undefined"],
    ["null", null, "null"],
    ["empty", "", "an empty string"],
    ["of 9 bytes", "QRZ2XSB5D5OQJ4I", "a string of 15 characters"],
    ["in lower case", "qrz2xsb5d5oqj4liuybv2mifn5jhtj3n", "a string of 32 characters"],
    ["padded", "QRZ2XSB5D5OQJ4LIUYBV2MIFN4======", "a string of 32 characters"],
    ["with spaces", "QRZ2 XSB5 D5OQ J4LI UYBV 2MIF N5JH TJ3N", "a string of 39 characters"],
    [
      "with a line break at its end",
      "QRZ2XSB5D5OQJ4LIUYBV2MIFN5JHTJ3N\n",
      "a string of 33 characters",
    ],
    [
      "with a 1, which base32 lacks",
      "QRZ2XSB5D5OQJ4L1UYBV2MIFN5JHTJ3N",
      "a string of 32 characters",
    ],
    [
      "cut short by one character",
      "QRZ2XSB5D5OQJ4LIUYBV2MIFN5JHTJ3NA",
      "a string of 33 characters",
    ],
    ["bytes", Buffer.from("12345678901234567890"), "20 bytes (Buffer)"],
    ["an array", ["QRZ2XSB5D5OQJ4LIUYBV2MIFN5JHTJ3N"], "an array of 1 elements"],
    ["a String object", new String("QRZ2"), "an object with the keys 0, 1, 2, 3"],
    [
      "an object that passes for a secret",
      { toString: () => "QRZ2XSB5D5OQJ4LIUYBV2MIFN5JHTJ3N", length: 32 },
      "an object with the keys toString, length",
    ],
  ])("is refused without being shown: %s", (_, secret, got) => {
    const error = thrownBy(() => decodeSecret(secret));
    expect(error).toMatchObject({ name: "TotpConfigError", option: "secret", got });
    expect(error.stack).not.toMatch(/QRZ2|qrz2/);
  });

  test("may be as short as the 80 bits that many libraries made, and no shorter", () => {
    expect(decodeSecret("QRZ2XSB5D5OQJ4LI")).toHaveLength(10);
  });
});
