// biome-ignore-all lint/style/noNonNullAssertion: typed arrays, read within their length
import type { MaskPattern, QrSymbol } from "../symbol.js";
import { columnSteps, type Lines, packLanes, rowSteps, wordsPerLine } from "./lanes.js";
import { addBlockPoints, addFinderPoints, addImbalancePoints, addRunPoints } from "./penalties.js";
import type { MaskTable } from "./table.js";

/** Returns the mask pattern with the fewest penalty points, for a symbol that has mask pattern 0. */
export function chooseMask({ size, modules }: QrSymbol, table: MaskTable): MaskPattern {
  const { rows, columns, hits, moreHits } = allocate(size);
  packLanes(modules, size, rowSteps(size), rows.words);
  packLanes(modules, size, columnSteps(size), columns.words);
  flipDifferences(rows.words, table.rows);
  flipDifferences(columns.words, table.columns);
  const points = new Int32Array(8);
  for (const lines of [rows, columns]) {
    addRunPoints(lines, hits, moreHits, points);
    addFinderPoints(lines, points);
  }
  addBlockPoints(rows, hits, points);
  addImbalancePoints(rows, points);
  return points.indexOf(Math.min(...points)) as MaskPattern;
}

/** Memory for the candidates and for the search, allocated in one piece because allocation is slow. */
function allocate(size: number): {
  rows: Lines;
  columns: Lines;
  hits: Int32Array;
  moreHits: Int32Array;
} {
  const perLine = wordsPerLine(size);
  const used = size * perLine;
  // At least one more word, which is read together with the last one, and a multiple of eight, for tallyLanes.
  const length = Math.ceil((used + 1) / 8) * 8;
  const memory = new Int32Array(4 * length);
  return {
    rows: { words: memory.subarray(0, length), size, perLine, used },
    columns: { words: memory.subarray(length, 2 * length), size, perLine, used },
    hits: memory.subarray(2 * length, 3 * length),
    moreHits: memory.subarray(3 * length),
  };
}

/** Converts modules, each 0 or 1, to lanes of all eight masks. */
function flipDifferences(words: Int32Array, differences: Int32Array): void {
  for (let i = 0; i < differences.length; i++) {
    words[i] = Math.imul(words[i]!, 0xff) ^ differences[i]!;
  }
}
