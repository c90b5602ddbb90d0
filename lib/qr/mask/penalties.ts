// biome-ignore-all lint/style/noNonNullAssertion: typed arrays, read within their length
import type { Lines } from "./lanes.js";
import { tallyLanes } from "./tally.js";

// The four features that a mask should avoid (ISO/IEC 18004, 7.8.3.1), and the penalty points for each, which
// are added up by mask pattern. Runs and finders are looked for across the lines: down the columns if the
// lines are rows, along the rows if they are columns. Hits are room to work in, as long as the words.

/** Three points for each run of five modules of one color, and one more for each further module. */
export function addRunPoints(
  { words, used, perLine }: Lines,
  hits: Int32Array,
  moreHits: Int32Array,
  points: Int32Array,
): void {
  let hit = 0;
  for (let column = 0; column < perLine; column++) {
    let before = words[column]!;
    // Where the last two, three and five modules have one color; and three, one line ago.
    let two = 0;
    let three = 0;
    let threeBefore = 0;
    let five = 0;
    for (let i = column + perLine; i < used; i += perLine) {
      const module = words[i]!;
      const same = ~(module ^ before);
      const fiveHere = two & same & threeBefore;
      // One point where a run is five long and for each module more; two more where it is five at first.
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

/** Forty points for dark and light modules in the ratio 1:1:3:1:1 with four light ones before or after. */
export function addFinderPoints(lines: Lines, points: Int32Array): void {
  const { words, used, perLine } = lines;
  for (let column = 0; column < perLine; column++) {
    // Where the last modules are dark, dark and light, and so on.
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

/** Where the modules from a word on are light; nowhere outside the symbol, the quiet zone does not count. */
function fourLight({ words, used, perLine }: Lines, first: number): number {
  const last = first + 3 * perLine;
  if (first < 0 || last >= used) return 0;
  return ~(words[first]! | words[first + perLine]! | words[last - perLine]! | words[last]!);
}

/** Hits are so few that one by one is the fastest. */
function addFortyEach(hits: number, points: Int32Array): void {
  for (let rest = hits; rest !== 0; rest &= rest - 1) {
    const bit = 31 - Math.clz32(rest & -rest);
    points[bit & 7]! += 40;
  }
}

/** Three points for each 2 × 2 modules of one color; blocks may overlap. */
export function addBlockPoints(
  { words, used, perLine }: Lines,
  hits: Int32Array,
  points: Int32Array,
): void {
  for (let line = 0; line < used - perLine; line += perLine) {
    let dark = words[line]! & words[line + perLine]!;
    let light = ~(words[line]! | words[line + perLine]!);
    for (let i = line; i < line + perLine; i++) {
      // The word after the last of a line does not matter: the lanes to spare keep it from a hit.
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

/** Ten points for each 5 % that the share of dark modules is away from half. */
export function addImbalancePoints({ words, size }: Lines, points: Int32Array): void {
  const dark = new Int32Array(8);
  tallyLanes(words, 1, dark);
  // Three lanes to spare in every second line.
  const spare = 3 * (size >> 1);
  for (let pattern = 0; pattern < 8; pattern++) {
    const percent = ((dark[pattern]! - spare) * 100) / (size * size);
    points[pattern]! += 10 * Math.abs(Math.ceil(percent / 5) - 10);
  }
}
