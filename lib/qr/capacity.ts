import type { QrErrorCorrection } from "./options.js";
import { type Segment, splitSegments } from "./segments.js";

/** Data codewords (bytes) of the largest symbol, version 40 (ISO/IEC 18004, table 7). */
const LARGEST_CAPACITY = { L: 2956, M: 2334, Q: 1666, H: 1276 };

/** A text that does not fit: the number of bytes that it requires, and the number that a QR code has. */
export interface QrCodeOverflow {
  needed: number;
  limit: number;
}

/**
 * Computes whether a text is too long for a QR code, without rendering it. Counts bytes as the QR code stores them: it
 * stores secrets and percent-encoded names in less space than the text itself.
 */
export function qrCodeOverflow(
  text: string,
  errorCorrection: QrErrorCorrection,
): QrCodeOverflow | undefined {
  const limit = LARGEST_CAPACITY[errorCorrection];
  const bits = splitSegments(text).reduce((sum, segment) => sum + bitsInVersion40(segment), 0);
  const needed = Math.ceil(bits / 8);
  return needed > limit ? { needed, limit } : undefined;
}

/** Mode indicator (4 bits), character count (its width depends on the version), and data. */
function bitsInVersion40({ mode, data }: Segment): number {
  if (mode === "byte") return 4 + 16 + 8 * Buffer.byteLength(data);
  return 4 + 13 + Math.ceil(5.5 * data.length);
}
