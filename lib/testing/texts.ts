/** Texts that some engines treat as equal. A store must not. */
export interface LookAlikes {
  /** What they differ in. */
  difference: string;
  /** Returns the texts. Each contains `tag`. */
  spell(tag: string): readonly string[];
  /** Not for user ids, which contain no control characters. */
  valuesOnly?: boolean;
}

/** The length of the longest email address (RFC 5321 §4.5.3.1.3, without the brackets). */
const LONGEST_ID = 254;
const LONGEST_VALUE = 8192;

export const LOOK_ALIKES: readonly LookAlikes[] = [
  { difference: "case", spell: (tag) => [`${tag}a`, `${tag}A`] },
  { difference: "trailing spaces", spell: (tag) => [tag, `${tag} `, `${tag}  `] },
  { difference: "leading spaces", spell: (tag) => [tag, ` ${tag}`] },
  {
    difference: "white space",
    spell: (tag) => [` `, "\t", "\n", "\r\n", ""].map((space) => `${tag}${space}x${space}`),
    valuesOnly: true,
  },
  { difference: "Unicode forms", spell: (tag) => ["Å", "A\u030a", "\u212b"].map((a) => tag + a) },
  { difference: "width", spell: (tag) => [`${tag}A`, `${tag}Ａ`] },
  { difference: "ligatures", spell: (tag) => [`${tag}fi`, `${tag}ﬁ`] },
  { difference: "accents", spell: (tag) => ["e", "é", "ê", "ё", "е"].map((e) => tag + e) },
  { difference: "ß and ss", spell: (tag) => [`${tag}ß`, `${tag}ss`] },
  { difference: "dots on an i", spell: (tag) => ["i", "ı", "İ"].map((i) => tag + i) },
  { difference: "emoji", spell: (tag) => ["🍣", "🍺", ""].map((emoji) => tag + emoji) },
  {
    difference: "invisible characters",
    spell: (tag) => ["", "\u200b", "\u00ad"].map((c) => tag + c),
  },
  {
    difference: "wildcards",
    spell: (tag) => ["ab", "a_", "a%", "a?", "a*", "a."].map((w) => tag + w),
  },
  {
    difference: "quotes and backslashes",
    spell: (tag) => ["'", "''", "\\'", "\\", "\\\\", '"'].map((q) => tag + q),
  },
  {
    difference: "digits that make one number",
    spell: (tag) => [`${tag}1`, `${tag}2`, `0${tag}1`, `${tag}1.0`],
  },
  {
    difference: "the end of a long text",
    spell: (tag) => ["a", "b", ""].map((end) => tag.padEnd(LONGEST_ID - 1, "x") + end),
  },
  {
    difference: "the end of 8 KB",
    spell: (tag) => ["a", "b", ""].map((end) => tag.padEnd(LONGEST_VALUE - 1, "x") + end),
    valuesOnly: true,
  },
];

/** Texts that have a meaning for some engine, driver, or serializer. A store must treat them as plain text. */
export const ODD_TEXTS: readonly string[] = [
  `'; DROP TABLE totp; --`,
  `" OR ""="`,
  "$1 ? :id @p1 #{x} {{x}} %s %d $(x) `x`",
  "totp:{user}:1",
  "../../etc/passwd",
  "a\\nb",
  "a,b;c|d&e=f#g",
  "<b>&amp;</b>",
  "%41+%20",
  '{"b":1,  "a":[1.0, 1e2], "a":null}',
  "[object Object]",
  "true",
  "null",
  "undefined",
  "\ufeffbyte order mark",
  "Ελένη, אדה, آدا, एडा, 艾达, 에이다",
  "𝔄𝔡𝔞 👩‍💻 🏴󠁧󠁢󠁥󠁮󠁧󠁿",
  "\u{10ffff}\u{fffd}\u2028",
];

/** Every control character but NUL, which PostgreSQL cannot store. */
export const CONTROL_CHARACTERS = Array.from({ length: 31 }, (_, index) =>
  String.fromCharCode(index + 1),
).join("");
