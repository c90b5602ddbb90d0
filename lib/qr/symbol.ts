// Needed if this file is compiled with another tsconfig.json.
/// <reference path="./qrcode-core.d.ts" />
import type { QRCodeSegment } from "qrcode";
import QRCode from "qrcode/lib/core/qrcode.js";
import type { QrErrorCorrection } from "./options.js";
import type { Segment } from "./segments.js";

export type MaskPattern = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7;

/** The modules of a QR code, without the quiet zone around them. */
export interface QrSymbol {
  /** 1 to 40. Determines the size. */
  version: number;
  /** Modules per side. */
  size: number;
  /** Row by row. 1 is dark, 0 is light. */
  modules: Uint8Array;
}

/** Creates a symbol with a mask pattern, in the given version or the smallest one that has room. */
export function createSymbol(
  segments: readonly Segment[],
  errorCorrectionLevel: QrErrorCorrection,
  maskPattern: MaskPattern,
  version?: number,
): QrSymbol {
  // Its types require bytes for a byte segment, but it also accepts a string and encodes it as UTF-8.
  const code = QRCode.create(segments as unknown as QRCodeSegment[], {
    errorCorrectionLevel,
    maskPattern,
    version,
  });
  return { version: code.version, size: code.modules.size, modules: code.modules.data };
}
