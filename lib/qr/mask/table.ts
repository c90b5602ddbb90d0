// biome-ignore-all lint/style/noNonNullAssertion: typed arrays, read within their length
import type { QrErrorCorrection } from "../options.js";
import { createSymbol, type MaskPattern, type QrSymbol } from "../symbol.js";
import { columnSteps, packLanes, rowSteps, wordsPerLine } from "./lanes.js";

/** Where a symbol with mask pattern m differs from the same symbol with mask pattern 0: bit m of a lane. */
export interface MaskTable {
  /** Row by row. */
  lanes: Uint8Array;
  rows: Int32Array;
  columns: Int32Array;
}

const MASK_PATTERNS: readonly MaskPattern[] = [0, 1, 2, 3, 4, 5, 6, 7];

// Tables depend only on the version and level, so they reveal nothing about any text. Each takes 1 to 95 KB.
const MAX_TABLES = 16;
const tables = new Map<string, MaskTable>();

/** Returns the table of a version and level, and caches it. */
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

/** Applies a mask pattern to a symbol that has mask pattern 0. */
export function applyMask({ modules }: QrSymbol, { lanes }: MaskTable, pattern: MaskPattern): void {
  for (let i = 0; i < modules.length; i++) modules[i]! ^= (lanes[i]! >> pattern) & 1;
}

/** The masks, and their numbers in the format information, flip the same modules for every text. */
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

/** Fills the spare lanes with stripes, one module wide, which cause no penalties. */
function stripeSpareLanes(words: Int32Array, size: number): void {
  const perLine = wordsPerLine(size);
  for (let line = 1; line < size; line += 2) words[(line + 1) * perLine - 1]! |= ~0xff;
}
