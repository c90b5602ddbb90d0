// biome-ignore-all lint/style/noNonNullAssertion: typed arrays, read within their length

const LOWEST_BITS = 0x01010101;

/**
 * Counts the set bits of each mask pattern in words of lanes, and adds `weight` times their number to `totals`. The
 * number of words must be a multiple of 8: carry-save adders (Harley and Seal) sum them into words whose bits stand for
 * two, four, and eight, so that only one word in eight must be counted.
 */
export function tallyLanes(words: Int32Array, weight: number, totals: Int32Array): void {
  let ones = 0;
  let twos = 0;
  let fours = 0;
  for (let i = 0; i < words.length; i += 8) {
    const twosA = carry(ones, words[i]!, words[i + 1]!);
    ones ^= words[i]! ^ words[i + 1]!;
    const twosB = carry(ones, words[i + 2]!, words[i + 3]!);
    ones ^= words[i + 2]! ^ words[i + 3]!;
    const foursA = carry(twos, twosA, twosB);
    twos ^= twosA ^ twosB;
    const twosC = carry(ones, words[i + 4]!, words[i + 5]!);
    ones ^= words[i + 4]! ^ words[i + 5]!;
    const twosD = carry(ones, words[i + 6]!, words[i + 7]!);
    ones ^= words[i + 6]! ^ words[i + 7]!;
    const foursB = carry(twos, twosC, twosD);
    twos ^= twosC ^ twosD;
    const eights = carry(fours, foursA, foursB);
    fours ^= foursA ^ foursB;
    addCounts(eights, 8 * weight, totals);
  }
  addCounts(fours, 4 * weight, totals);
  addCounts(twos, 2 * weight, totals);
  addCounts(ones, weight, totals);
}

function carry(a: number, b: number, c: number): number {
  return (a & b) | ((a ^ b) & c);
}

function addCounts(word: number, weight: number, totals: Int32Array): void {
  for (let pattern = 0; pattern < 8; pattern++) {
    const inFourLanes = Math.imul((word >>> pattern) & LOWEST_BITS, LOWEST_BITS) >>> 24;
    totals[pattern]! += weight * inFourLanes;
  }
}
