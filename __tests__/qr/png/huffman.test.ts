import fc from "fast-check";
import { huffmanCode, MAX_WIDTH } from "../../../lib/qr/png/huffman.js";

const anyCounts = fc
  .array(fc.oneof(fc.constant(0), fc.nat({ max: 20 }), fc.nat({ max: 100_000 })), {
    minLength: 2,
    maxLength: 286,
  })
  .filter((counts) => counts.filter((count) => count > 0).length >= 2);

function widthsOf(counts: readonly number[]): number[] {
  return [...huffmanCode(Uint32Array.from(counts)).widths];
}

test("the usual example", () => {
  expect(widthsOf([45, 13, 12, 16, 9, 5])).toEqual([1, 3, 3, 3, 4, 4]);
});

test("the codes of the example in RFC 1951, 3.2.2", () => {
  // Counts that make the widths of the example: 3, 3, 3, 3, 3, 2, 4, 4.
  const { widths, codes } = huffmanCode(Uint32Array.from([13, 13, 13, 13, 13, 25, 6, 6]));
  const written = [...codes].map((code, i) =>
    [...code.toString(2).padStart(widths[i] as number, "0")].reverse().join(""),
  );
  expect(written).toEqual(["010", "011", "100", "101", "110", "00", "1110", "1111"]);
});

test("symbols that occur have codes, others have none, and no code is left over", () => {
  fc.assert(
    fc.property(anyCounts, (counts) => {
      const widths = widthsOf(counts);
      expect(widths.map((width) => width > 0)).toEqual(counts.map((count) => count > 0));
      const used = widths.filter((width) => width > 0).map((width) => 2 ** (MAX_WIDTH - width));
      expect(used.reduce((sum, share) => sum + share)).toBe(2 ** MAX_WIDTH);
    }),
  );
});

test("no code is wider than can be told, even for counts like Fibonacci numbers", () => {
  for (let length = 2; length < 30; length++) {
    const counts = [1, 1];
    while (counts.length < length)
      counts.push((counts.at(-1) as number) + (counts.at(-2) as number));
    expect(Math.max(...widthsOf(counts))).toBeLessThanOrEqual(MAX_WIDTH);
  }
});

test("a symbol is coded as tight as its count allows", () => {
  fc.assert(
    fc.property(anyCounts, (counts) => {
      const widths = widthsOf(counts);
      const total = counts.reduce((sum, count) => sum + count);
      const least = Math.floor(total / 128);
      const weights = counts.map((count) => (count > 0 ? Math.max(count, least) : 0));
      for (const [i, weight] of weights.entries()) {
        for (const [j, other] of weights.entries()) {
          if (weight > other && other > 0) expect(widths[i]).toBeLessThanOrEqual(Number(widths[j]));
        }
      }
    }),
    { numRuns: 30 },
  );
});
