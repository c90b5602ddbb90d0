import QRCode from "qrcode";
import { encodeText } from "../../lib/qr/encode.js";
import { chooseMask } from "../../lib/qr/mask/choose.js";
import { applyMask, maskTable } from "../../lib/qr/mask/table.js";
import type { QrErrorCorrection } from "../../lib/qr/options.js";
import { splitSegments } from "../../lib/qr/segments.js";
import { createSymbol } from "../../lib/qr/symbol.js";
import { otpauthUri, randomSecret, seededRandom } from "../helpers/qr-uris.js";

const LEVELS: readonly QrErrorCorrection[] = ["L", "M", "Q", "H"];
/** Of each of the smaller versions. */
const TRIES = process.env.TEST_ALL ? 3 : 2;
const random = seededRandom(18_004);

/** What qrcode makes of the same segments when it is left to choose the mask. */
function byQrcode(text: string, errorCorrectionLevel: QrErrorCorrection, version?: number) {
  const segments = splitSegments(text) as unknown as QRCode.QRCodeSegment[];
  return QRCode.create(segments, { errorCorrectionLevel, version });
}

/** Large symbols take qrcode long: but for the largest, each of them is tried at one level only. */
function versionsFor(level: QrErrorCorrection): number[] {
  const versions = Array.from({ length: 40 }, (_, i) => i + 1);
  const every = process.env.TEST_ALL ? 4 : 12;
  return versions.filter(
    (version) => version < 16 || version === 40 || version % every === LEVELS.indexOf(level),
  );
}

describe.each(LEVELS)("at level %s", (level) => {
  test("the mask is the one that qrcode chooses, in every version", () => {
    const chosen = new Set<number>();
    for (const version of versionsFor(level)) {
      for (let i = 0; i < (version < 16 ? TRIES : 1); i++) {
        const text = randomSecret(random, 8 * version);
        const symbol = createSymbol(splitSegments(text), level, 0, version);
        const table = maskTable(version, level);
        const pattern = chooseMask(symbol, table);
        applyMask(symbol, table, pattern);
        const expected = byQrcode(text, level, version);
        expect({ version, pattern }).toEqual({ version, pattern: expected.maskPattern });
        expect(Buffer.compare(symbol.modules, expected.modules.data)).toBe(0);
        chosen.add(pattern);
      }
    }
    expect(chosen.size).toBeGreaterThan(4);
  });

  test("the symbol of an otpauth URI is the one that qrcode makes", () => {
    for (let i = 0; i < 40; i++) {
      const uri = otpauthUri("Acme", randomSecret(random, 1 + (i % 50)), randomSecret(random));
      const { version, size, modules } = encodeText(uri, level);
      const expected = byQrcode(uri, level);
      expect({ version, size }).toEqual({ version: expected.version, size: expected.modules.size });
      expect(Buffer.compare(modules, expected.modules.data)).toBe(0);
    }
  });
});

test("texts that are all alike, with penalties of every kind, get qrcode's mask too", () => {
  for (const character of ["0", "A", "z", "\0", "\u00ff", "漢"]) {
    for (const length of [1, 20, 100, 500]) {
      const text = character.repeat(length);
      const { modules } = encodeText(text, "M");
      expect(Buffer.compare(modules, byQrcode(text, "M").modules.data)).toBe(0);
    }
  }
});

test("a symbol does not depend on those made before it", () => {
  const uri = otpauthUri("Acme", "ada", randomSecret(random));
  const first = encodeText(uri, "M");
  for (let version = 1; version <= 40; version++) maskTable(version, "L");
  encodeText(otpauthUri("Acme", "bob", randomSecret(random)), "M");
  expect(encodeText(uri, "M")).toEqual(first);
});
