import { chooseMask } from "./mask/choose.js";
import { applyMask, maskTable } from "./mask/table.js";
import type { QrErrorCorrection } from "./options.js";
import { splitSegments } from "./segments.js";
import { createSymbol, type QrSymbol } from "./symbol.js";

/**
 * Creates the smallest symbol that has room for the text. Choosing the mask takes most of the time of `qrcode`, so it
 * is given a fixed one, and the best mask is chosen and applied here.
 */
export function encodeText(text: string, errorCorrection: QrErrorCorrection): QrSymbol {
  const symbol = createSymbol(splitSegments(text), errorCorrection, 0);
  const table = maskTable(symbol.version, errorCorrection);
  applyMask(symbol, table, chooseMask(symbol, table));
  return symbol;
}
