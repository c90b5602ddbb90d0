import { flawed, type Steps } from "../flawed-store.js";
import type { Fault } from "./fault.js";

interface Blur {
  /** The difference that the store ignores. The names of the checks end with it. */
  difference: string;
  /** Returns the same text for all texts that the store treats as equal. */
  blur(text: string): string;
  /** Other differences that it ignores. */
  also?: readonly string[];
  /** Whether it is not possible in user ids. */
  valuesOnly?: boolean;
}

const BLURS: readonly Blur[] = [
  {
    difference: "case",
    blur: (text) => text.toLowerCase(),
    also: ["Unicode forms"],
  },
  { difference: "trailing spaces", blur: (text) => text.replace(/ +$/, "") },
  { difference: "leading spaces", blur: (text) => text.replace(/^ +/, "") },
  { difference: "white space", blur: (text) => text.replace(/[\r\n\t]+/g, " "), valuesOnly: true },
  { difference: "Unicode forms", blur: (text) => text.normalize("NFC") },
  { difference: "width", blur: (text) => text.replace("\uff21", "A") },
  { difference: "ligatures", blur: (text) => text.replace("ﬁ", "fi") },
  { difference: "accents", blur: (text) => text.replace(/[éê]/, "e") },
  { difference: "ß and ss", blur: (text) => text.replace("ß", "ss") },
  { difference: "dots on an i", blur: (text) => text.replace(/[ıİ]/, "i") },
  { difference: "emoji", blur: (text) => text.replace(/\p{Emoji_Presentation}/gu, "\ufffd") },
  { difference: "invisible characters", blur: (text) => text.replace(/[\u200b\u00ad]/g, "") },
  { difference: "wildcards", blur: (text) => text.replace(/(?<=\da)[_?.b]$/, "*") },
  { difference: "quotes and backslashes", blur: (text) => text.replace(/\\(.)|''/g, "$1'") },
  {
    difference: "digits that make one number",
    blur: (text) => (/^[\d.]+$/.test(text) && text.length < 30 ? String(Number(text)) : text),
  },
  {
    difference: "the end of a long text",
    blur: (text) => text.slice(0, 191),
    also: ["the end of 8 KB"],
  },
  { difference: "the end of 8 KB", blur: (text) => text.slice(0, 4096), valuesOnly: true },
];

const VALUES_ONLY = BLURS.filter((blur) => blur.valuesOnly).map(({ difference }) => difference);

const valueCheck = (difference: string) => `distinguishes values that differ in ${difference}`;
const idCheck = (difference: string) => `distinguishes users whose ids differ in ${difference}`;

/** Compares two values in another way. Two missing values are always equal. */
const comparing =
  (areSame: (a: string, b: string) => boolean): Steps["isSame"] =>
  (value, expected) =>
    value === undefined || expected === undefined ? value === expected : areSame(value, expected);

function blurredFaults({ difference, blur, also = [], valuesOnly }: Blur): Fault[] {
  const differences = [difference, ...also];
  const isSame = comparing((a, b) => blur(a) === blur(b));
  const faults: Fault[] = [
    {
      fault: `compares values without a look at ${difference}`,
      build: flawed({ isSame }),
      fails: differences.map(valueCheck),
      says: /were treated as equal\. Compare bytes.+returned true\./s,
    },
    {
      fault: `keeps values without ${difference}`,
      build: flawed({ keptOf: blur }),
      fails: [valueCheck(difference)],
      amongOthers: true,
      says: /must be returned unchanged\.\nget/,
    },
    {
      fault: `looks users up without a look at ${difference}`,
      build: flawed({ keyOf: blur }),
      fails: differences.filter((each) => !VALUES_ONLY.includes(each)).map(idCheck),
      says: /were treated as one\. Compare the bytes of ids/,
    },
  ];
  return valuesOnly ? faults.slice(0, 2) : faults;
}

/** Like the default collations of MySQL and SQL Server. */
const COLLATION = new Intl.Collator("en", { sensitivity: "base", ignorePunctuation: true });

export const BLUR_FAULTS: readonly Fault[] = [
  ...BLURS.flatMap(blurredFaults),
  {
    fault: "compares values under a collation",
    build: flawed({
      isSame: comparing((a, b) => COLLATION.compare(a, b) === 0),
    }),
    fails: ["case", "trailing spaces", "Unicode forms", "accents", "ß and ss"].map(valueCheck),
    amongOthers: true,
    says: /were treated as equal/,
  },
];
