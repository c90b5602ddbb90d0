import { chooseMask } from "./mask/choose.js";
import { applyMask, maskTable } from "./mask/table.js";
import type { QrErrorCorrection } from "./options.js";
import { splitSegments } from "./segments.js";
import { createSymbol, type QrSymbol } from "./symbol.js";

/**
 * Makes the smallest symbol that holds the text. Choosing the mask is what takes `qrcode` the longest by
 * far, so it is given one, and the best takes its place here.
 */
export function encodeText(text: string, errorCorrection: QrErrorCorrection): QrSymbol {
  const symbol = createSymbol(splitSegments(text), errorCorrection, 0);
  const table = maskTable(symbol.version, errorCorrection);
  applyMask(symbol, table, chooseMask(symbol, table));
  return symbol;
}
