// biome-ignore-all lint/style/noNonNullAssertion: typed arrays, read within their length
import type { QrErrorCorrection } from "../options.js";
import { createSymbol, type MaskPattern, type QrSymbol } from "../symbol.js";
import { columnSteps, packLanes, rowSteps, wordsPerLine } from "./lanes.js";

/** Where a symbol under mask pattern m differs from the same symbol under mask pattern 0: bit m of a lane. */
export interface MaskTable {
  /** Row by row. */
  lanes: Uint8Array;
  rows: Int32Array;
  columns: Int32Array;
}

const MASK_PATTERNS: readonly MaskPattern[] = [0, 1, 2, 3, 4, 5, 6, 7];

// Tables depend on nothing but version and level, so they tell nothing of any text. One takes 1 to 95 KB.
const MAX_TABLES = 16;
const tables = new Map<string, MaskTable>();

/** The table of a version and level, kept for the next symbol. */
export function maskTable(version: number, errorCorrection: QrErrorCorrection): MaskTable {
  const key = `${version}${errorCorrection}`;
  const known = tables.get(key);
  if (known) return known;
  const table = buildTable(version, errorCorrection);
  const [oldest] = tables.keys();
  if (oldest !== undefined && tables.size >= MAX_TABLES) tables.delete(oldest);
  tables.set(key, table);
  return table;
}

/** Puts a symbol that is under mask pattern 0 under another one. */
export function applyMask({ modules }: QrSymbol, { lanes }: MaskTable, pattern: MaskPattern): void {
  for (let i = 0; i < modules.length; i++) modules[i]! ^= (lanes[i]! >> pattern) & 1;
}

/** Whatever the text, the masks flip the same modules, and so do their numbers in the format information. */
function buildTable(version: number, errorCorrection: QrErrorCorrection): MaskTable {
  const anyText = [{ mode: "byte", data: "0" }] as const;
  const symbols = MASK_PATTERNS.map((pattern) =>
    createSymbol(anyText, errorCorrection, pattern, version),
  );
  const { size, modules } = symbols[0]!;
  const lanes = modules.map((unmasked, i) =>
    symbols.reduce(
      (lane, masked, pattern) => lane | ((masked.modules[i]! ^ unmasked) << pattern),
      0,
    ),
  );
  const words = size * wordsPerLine(size);
  const table = { lanes, rows: new Int32Array(words), columns: new Int32Array(words) };
  packLanes(lanes, size, rowSteps(size), table.rows);
  packLanes(lanes, size, columnSteps(size), table.columns);
  stripeSpareLanes(table.rows, size);
  stripeSpareLanes(table.columns, size);
  return table;
}

/** Stripes across the lanes to spare, one module wide, hold nothing that a penalty is given for. */
function stripeSpareLanes(words: Int32Array, size: number): void {
  const perLine = wordsPerLine(size);
  for (let line = 1; line < size; line += 2) words[(line + 1) * perLine - 1]! |= ~0xff;
}
