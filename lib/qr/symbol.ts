import type { QRCodeSegment } from "qrcode";
import QRCode from "qrcode/lib/core/qrcode.js";
import type { QrErrorCorrection } from "./options.js";
import type { Segment } from "./segments.js";

export type MaskPattern = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7;

/** The modules of a QR code, without the quiet zone around them. */
export interface QrSymbol {
  /** 1 to 40; it decides the size. */
  version: number;
  /** Modules a side. */
  size: number;
  /** Row by row; 1 is dark, 0 is light. */
  modules: Uint8Array;
}

/** Makes a symbol under a given mask pattern, in the smallest version that has room unless one is given. */
export function createSymbol(
  segments: readonly Segment[],
  errorCorrectionLevel: QrErrorCorrection,
  maskPattern: MaskPattern,
  version?: number,
): QrSymbol {
  // Its types ask for the bytes of a byte segment; given a string, it takes its UTF-8.
  const code = QRCode.create(segments as unknown as QRCodeSegment[], {
    errorCorrectionLevel,
    maskPattern,
    version,
  });
  return { version: code.version, size: code.modules.size, modules: code.modules.data };
}
