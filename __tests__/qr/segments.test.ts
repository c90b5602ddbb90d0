import fc from "fast-check";
import QRCode from "qrcode";
import { type Segment, splitSegments } from "../../lib/qr/segments.js";
import { otpauthUri } from "../helpers/qr-uris.js";

/** Texts that pass from one alphabet to the other often. */
const anyText = fc
  .array(
    fc.oneof(
      fc.stringMatching(/^[0-9A-Z $%*+\-./:]{0,30}$/),
      fc.string({ maxLength: 20 }),
      fc.string({ unit: "grapheme", maxLength: 10 }),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(""))
  .filter((text) => text !== "");

function versionOf(segments: readonly Segment[]): number {
  return QRCode.create(segments as unknown as QRCode.QRCodeSegment[], { maskPattern: 0 }).version;
}

test("the secret and long percent-encoded names are alphanumeric, the rest is bytes", () => {
  const uri = otpauthUri("Acme", "Иван", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP");
  expect(splitSegments(uri)).toEqual([
    { mode: "byte", data: "otpauth://totp/Acme" },
    { mode: "alphanumeric", data: ":%D0%98%D0%B2%D0%B0%D0%BD" },
    { mode: "byte", data: "?secret=" },
    { mode: "alphanumeric", data: "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP" },
    { mode: "byte", data: "&issuer=Acme" },
  ]);
});

test("a run pays for one mode switch at an end of the text, for two in the middle", () => {
  const modes = (text: string) => splitSegments(text).map(({ mode }) => mode);
  expect(modes("12345678a")).toEqual(["alphanumeric", "byte"]);
  expect(modes("a12345678")).toEqual(["byte", "alphanumeric"]);
  expect(modes("1234567a")).toEqual(["byte"]);
  expect(modes(`a${"A".repeat(16)}a`)).toEqual(["byte", "alphanumeric", "byte"]);
  expect(modes(`a${"A".repeat(15)}a`)).toEqual(["byte"]);
});

test("the segments are the text, in turn of one mode and the other", () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const segments = splitSegments(text);
      expect(segments.map(({ data }) => data).join("")).toBe(text);
      for (const [i, { mode, data }] of segments.entries()) {
        expect(data).not.toBe("");
        expect(mode).not.toBe(segments[i + 1]?.mode);
        if (mode === "alphanumeric") expect(data).toMatch(/^[0-9A-Z $%*+\-./:]+$/);
      }
    }),
  );
});

test("no text needs a larger symbol than in byte mode", () => {
  fc.assert(
    fc.property(anyText, fc.integer({ min: 1, max: 12 }), (text, times) => {
      const long = text.repeat(times).slice(0, 750);
      expect(versionOf(splitSegments(long))).toBeLessThanOrEqual(
        versionOf([{ mode: "byte", data: long }]),
      );
    }),
    { numRuns: 60 },
  );
});

test("a secret alone makes a URI of usual length one version smaller", () => {
  const uri = otpauthUri("Acme", "alice@example.com", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP");
  expect(versionOf([{ mode: "byte", data: uri }])).toBe(6);
  expect(versionOf(splitSegments(uri))).toBe(5);
});
