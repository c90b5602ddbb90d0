// biome-ignore-all lint/style/noNonNullAssertion: typed arrays, read within their length

// All eight masked versions of a symbol are examined at once. A lane is a byte that contains one module of each: bit m
// is the module with mask pattern m. A word (32 bits) contains the lanes of four neighboring modules of a line, so that
// one operation on words processes 32 modules. A line is a row or a column.

/** The side of a symbol is 17 + 4 × version, so the last word of a line has one lane and three spare ones. */
export function wordsPerLine(size: number): number {
  return (size + 3) >> 2;
}

/** The lanes of a symbol, line by line. */
export interface Lines {
  /** A multiple of eight words. Those beyond `used` are 0. */
  words: Int32Array;
  used: number;
  perLine: number;
  /** The number of lines, and of modules per line. */
  size: number;
}

/** The distances, in a row-by-row array, of two lines and of two neighboring modules of a line. */
export interface LineSteps {
  line: number;
  module: number;
}

export function rowSteps(size: number): LineSteps {
  return { line: size, module: 1 };
}

export function columnSteps(size: number): LineSteps {
  return { line: 1, module: size };
}

/** Packs lanes, which are in row-by-row order, into the words of rows or columns. Spare lanes become 0. */
export function packLanes(
  lanes: Uint8Array,
  size: number,
  steps: LineSteps,
  words: Int32Array,
): void {
  const { module: step } = steps;
  let word = 0;
  for (let line = 0; line < size; line++) {
    let at = line * steps.line;
    for (let module = 1; module < size; module += 4) {
      words[word++] =
        lanes[at]! |
        (lanes[at + step]! << 8) |
        (lanes[at + 2 * step]! << 16) |
        (lanes[at + 3 * step]! << 24);
      at += 4 * step;
    }
    words[word++] = lanes[at]!;
  }
}
