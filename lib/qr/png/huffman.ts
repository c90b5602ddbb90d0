// biome-ignore-all lint/style/noNonNullAssertion: arrays, read within their length
import { reverseBits } from "./bit-writer.js";

/** A prefix code: the width of each symbol's code in bits (0 for a symbol that has none), and the codes. */
export interface PrefixCode {
  widths: Uint8Array;
  /** Their first bit is the lowest. */
  codes: Uint16Array;
}

/** No code is wider, whatever the counts. */
export const MAX_WIDTH = 12;

/** The Huffman code for symbols that occur as often as counted; two of them at least. */
export function huffmanCode(counts: Uint32Array): PrefixCode {
  const used: number[] = [];
  let total = 0;
  for (let symbol = 0; symbol < counts.length; symbol++) {
    if (counts[symbol]! > 0) used.push(symbol);
    total += counts[symbol]!;
  }
  // Depth d takes weights like Fibonacci numbers. With none under 1/128 of all, there are 12 at most.
  const depths = treeDepths(used.map((symbol) => Math.max(counts[symbol]!, total >> 7)));
  const widths = new Uint8Array(counts.length);
  for (let i = 0; i < used.length; i++) widths[used[i]!] = depths[i]!;
  return { widths, codes: canonicalCodes(used, widths) };
}

/** How deep each leaf lies in the tree that joins the two lightest nodes again and again. */
function treeDepths(leafWeights: readonly number[]): number[] {
  const weights = [...leafWeights];
  const root = 2 * leafWeights.length - 2;
  const parents = new Array<number>(root + 1).fill(0);
  for (let node = weights.length; node <= root; node++) {
    const [a, b] = [joinLightest(weights, parents, node), joinLightest(weights, parents, node)];
    weights.push(a + b);
  }
  const depths = new Array<number>(root + 1).fill(0);
  for (let node = root - 1; node >= 0; node--) depths[node] = depths[parents[node]!]! + 1;
  return depths;
}

/** Puts the lightest node that has no parent below a new one, and tells its weight. */
function joinLightest(weights: readonly number[], parents: number[], parent: number): number {
  let lightest = -1;
  for (let node = 0; node < weights.length; node++) {
    if (parents[node] !== 0) continue;
    if (lightest < 0 || weights[node]! < weights[lightest]!) lightest = node;
  }
  parents[lightest] = parent;
  return weights[lightest]!;
}

/** Numbers the codes by width, then by symbol, so that the widths alone tell them (RFC 1951, 3.2.2). */
function canonicalCodes(symbols: readonly number[], widths: Uint8Array): Uint16Array {
  const codes = new Uint16Array(widths.length);
  let code = 0;
  for (let width = 1; width <= MAX_WIDTH; width++) {
    for (const symbol of symbols) {
      if (widths[symbol] === width) codes[symbol] = reverseBits(code++, width);
    }
    code <<= 1;
  }
  return codes;
}
