import fc from "fast-check";
import { Secret } from "otpauth";
import { ScureBase32Plugin } from "otplib";
import { decodeBase32, encodeBase32 } from "../../lib/otp/base32.js";

const otplib = new ScureBase32Plugin();

// RFC 4648, section 10, without the padding.
test.each([
  ["", ""],
  ["f", "MY"],
  ["fo", "MZXQ"],
  ["foo", "MZXW6"],
  ["foob", "MZXW6YQ"],
  ["fooba", "MZXW6YTB"],
  ["foobar", "MZXW6YTBOI"],
])("RFC 4648: %p is %p", (text, base32) => {
  expect(encodeBase32(Buffer.from(text))).toBe(base32);
  expect(decodeBase32(base32)?.toString()).toBe(text);
});

test("whatever was encoded decodes to the same bytes, here and elsewhere", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
      const base32 = encodeBase32(bytes);
      expect(base32).toMatch(/^[A-Z2-7]*$/);
      expect(decodeBase32(base32)).toEqual(Buffer.from(bytes));
      expect(base32).toBe(otplib.encode(bytes));
      if (bytes.length === 0) return;
      expect(Buffer.from(otplib.decode(base32))).toEqual(Buffer.from(bytes));
      expect(Buffer.from(Secret.fromBase32(base32).bytes)).toEqual(Buffer.from(bytes));
    }),
  );
});

test("text of a length that no bytes have is refused", () => {
  for (let length = 0; length <= 80; length++) {
    const bytes = Math.floor((length * 5) / 8);
    const isPossible = encodeBase32(new Uint8Array(bytes)).length === length;
    expect(decodeBase32("A".repeat(length)) !== undefined).toBe(isPossible);
  }
});

test.each([
  "mzxw6ytb",
  "MZXW6YQ=",
  "MZXW 6YTB",
  "MZXW-6YTB",
  "MZXW0YTB",
  "MZXW1YTB",
  "MZXW8YTB",
  "ＭＺＸＷ６ＹＴＢ",
  "MZXW6YTB\n",
])("%j is refused", (text) => {
  expect(decodeBase32(text)).toBeUndefined();
});
