// biome-ignore-all lint/style/noNonNullAssertion: typed arrays, read within their length
import type { Lines } from "./lanes.js";
import { tallyLanes } from "./tally.js";

// The four features that a mask should avoid (ISO/IEC 18004, 7.8.3.1), and the penalty points for each, which are added
// up per mask pattern. Runs and finders are searched across the lines: down the columns if the lines are rows, along
// the rows if they are columns. `hits` is scratch memory of the same length as the words.

/** Adds three points for each run of five modules of one color, and one more for each further module. */
export function addRunPoints(
  { words, used, perLine }: Lines,
  hits: Int32Array,
  moreHits: Int32Array,
  points: Int32Array,
): void {
  let hit = 0;
  for (let column = 0; column < perLine; column++) {
    let before = words[column]!;
    // Whether the last two, three, and five modules have one color; and the last three, one line ago.
    let two = 0;
    let three = 0;
    let threeBefore = 0;
    let five = 0;
    for (let i = column + perLine; i < used; i += perLine) {
      const module = words[i]!;
      const same = ~(module ^ before);
      const fiveHere = two & same & threeBefore;
      // One point for a run of five and each further module, and two more when the run reaches five.
      hits[hit] = fiveHere;
      moreHits[hit++] = fiveHere & ~five;
      five = fiveHere;
      threeBefore = three;
      three = two & same;
      two = same;
      before = module;
    }
  }
  tallyLanes(hits, 1, points);
  tallyLanes(moreHits, 2, points);
}

/** Adds forty points for modules in the ratio 1:1:3:1:1 (dark to light) with four light ones before or after. */
export function addFinderPoints(lines: Lines, points: Int32Array): void {
  const { words, used, perLine } = lines;
  for (let column = 0; column < perLine; column++) {
    // Whether the last modules are dark, dark and light, and so on.
    let d = 0;
    let dl = 0;
    let dld = 0;
    let dldd = 0;
    let dlddd = 0;
    let dldddl = 0;
    for (let i = column; i < used; i += perLine) {
      const dark = words[i]!;
      const finder = dldddl & dark;
      dldddl = dlddd & ~dark;
      dlddd = dldd & dark;
      dldd = dld & dark;
      dld = dl & dark;
      dl = d & ~dark;
      d = dark;
      if (finder === 0) continue;
      addFortyEach(finder & fourLight(lines, i - 10 * perLine), points);
      addFortyEach(finder & fourLight(lines, i + perLine), points);
    }
  }
}

/** Returns where four modules from a word on are light. Modules outside the symbol do not count. */
function fourLight({ words, used, perLine }: Lines, first: number): number {
  const last = first + 3 * perLine;
  if (first < 0 || last >= used) return 0;
  return ~(words[first]! | words[first + perLine]! | words[last - perLine]! | words[last]!);
}

/** There are so few hits that handling them one by one is fastest. */
function addFortyEach(hits: number, points: Int32Array): void {
  for (let rest = hits; rest !== 0; rest &= rest - 1) {
    const bit = 31 - Math.clz32(rest & -rest);
    points[bit & 7]! += 40;
  }
}

/** Adds three points for each block of 2 × 2 modules of one color. Blocks can overlap. */
export function addBlockPoints(
  { words, used, perLine }: Lines,
  hits: Int32Array,
  points: Int32Array,
): void {
  for (let line = 0; line < used - perLine; line += perLine) {
    let dark = words[line]! & words[line + perLine]!;
    let light = ~(words[line]! | words[line + perLine]!);
    for (let i = line; i < line + perLine; i++) {
      // The word after the last one of a line does not matter: because of the spare lanes, it is never a hit.
      const darkRight = words[i + 1]! & words[i + 1 + perLine]!;
      const lightRight = ~(words[i + 1]! | words[i + 1 + perLine]!);
      hits[i] =
        (dark & ((dark >>> 8) | (darkRight << 24))) |
        (light & ((light >>> 8) | (lightRight << 24)));
      dark = darkRight;
      light = lightRight;
    }
  }
  tallyLanes(hits, 3, points);
}

/** Adds ten points for each 5 % by which the share of dark modules differs from half. */
export function addImbalancePoints({ words, size }: Lines, points: Int32Array): void {
  const dark = new Int32Array(8);
  tallyLanes(words, 1, dark);
  // Every second line has three dark spare lanes.
  const spare = 3 * (size >> 1);
  for (let pattern = 0; pattern < 8; pattern++) {
    const percent = ((dark[pattern]! - spare) * 100) / (size * size);
    points[pattern]! += 10 * Math.abs(Math.ceil(percent / 5) - 10);
  }
}
