import { scryptSync } from "node:crypto";
import fc from "fast-check";
import {
  generateBackupCodes,
  hashBackupCode,
  normalizeBackupCode,
  takeBackupCode,
} from "../../lib/service/backup-codes.js";

const CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const CODE = "7M2QX-0ZK1T";
const NORMAL = "7M2QX0ZK1T";

test("codes are five characters, a hyphen and five, of Crockford's alphabet", async () => {
  const { codes } = await generateBackupCodes(20, 1024);
  for (const code of codes) {
    expect(code).toMatch(/^[0-9A-Z]{5}-[0-9A-Z]{5}$/);
    for (const character of code.replace("-", "")) expect(CROCKFORD).toContain(character);
  }
});

test("every character of the alphabet comes up in every place, and no two codes are the same", async () => {
  const sets = await Promise.all(Array.from({ length: 30 }, () => generateBackupCodes(20, 1024)));
  const codes = sets.flatMap((set) => set.codes);
  expect(new Set(codes).size).toBe(600);
  for (const place of [0, 4, 6, 10]) {
    // That one of 32 is missing among 600 has a chance of 32 * (31/32)^600, some two in ten million.
    expect([...new Set(codes.map((code) => code[place]))].sort().join("")).toBe(CROCKFORD);
  }
});

test("as many as asked for are drawn, and a hash of each is kept", async () => {
  for (const count of [1, 10]) {
    const { codes, set } = await generateBackupCodes(count, 1024);
    expect(codes).toHaveLength(count);
    expect(new Set(set.hashes).size).toBe(count);
    expect(JSON.stringify(set)).not.toMatch(new RegExp(codes.join("|")));
    expect(JSON.stringify(set)).not.toMatch(new RegExp(codes.join("|").replaceAll("-", "")));
  }
});

test("a set has one salt of 16 bytes, another than the next set", async () => {
  const [one, two] = await Promise.all([
    generateBackupCodes(1, 1024),
    generateBackupCodes(1, 1024),
  ]);
  expect(one.set.salt).not.toBe(two.set.salt);
  expect(Buffer.from(one.set.salt, "base64url")).toHaveLength(16);
});

test("a hash is scrypt with the cost of the set, r = 8 and p = 1", async () => {
  const salt = Buffer.from("0123456789abcdef");
  const options = { N: 2048, r: 8, p: 1 };
  const expected = scryptSync(NORMAL, salt, 16, options).toString("base64url");
  const kept = { salt: salt.toString("base64url"), cost: 2048 };
  expect(await hashBackupCode(NORMAL, kept)).toBe(expected);
});

test("a dear cost does not run out of the memory that scrypt is given", async () => {
  const hash = await hashBackupCode(NORMAL, { salt: "c2FsdA", cost: 131_072 });
  expect(Buffer.from(hash, "base64url")).toHaveLength(16);
});

test("a hash is made off the main thread, which goes on meanwhile", async () => {
  let turns = 0;
  let isDone = false;
  const turn = () => {
    turns++;
    if (!isDone) setImmediate(turn);
  };
  setImmediate(turn);
  await hashBackupCode(NORMAL, { salt: "c2FsdA", cost: 65_536 });
  isDone = true;
  // On the main thread it would be one at most.
  expect(turns).toBeGreaterThan(3);
});

describe("normalization", () => {
  test.each([
    ["as it is shown", CODE],
    ["without its hyphen", "7M2QX0ZK1T"],
    ["in lower case", "7m2qx-0zk1t"],
    ["with spaces in it", " 7M2 QX- 0ZK 1T "],
    ["with other white space", "\t7M2QX\u00a0-\u20030ZK1T\r\n"],
    ["with other hyphens", "7M2QX\u20130ZK1T"],
    ["with dashes in other places", "7-M-2-Q-X—0ZK1T"],
    ["with the letter O for a zero", "7M2QX-OZK1T"],
    ["with a small o for a zero", "7m2qx-ozk1t"],
    ["with an I for a one", "7M2QX-0ZKIT"],
    ["with an i for a one", "7M2QX-0ZKiT"],
    ["with an L for a one", "7M2QX-0ZKLT"],
    ["with an l for a one", "7m2qx-0zklt"],
  ])("reads a code %s", (_, typed) => {
    expect(normalizeBackupCode(typed)).toBe(NORMAL);
  });

  test.each([
    ["nothing", ""],
    ["too short", "7M2QX-0ZK1"],
    ["too long", "7M2QX-0ZK1T0"],
    ["a letter that is none of the alphabet", "7M2QX-0ZKUT"],
    ["a sign", "7M2QX_0ZK1T"],
    ["digits of another script", "٧M2QX-0ZK1T"],
    ["a letter that only looks like one", "7М2QX-0ZK1T"],
    ["two codes", `${CODE} ${CODE}`],
    ["a TOTP code", "123456"],
    ["a TOTP code of eight digits", "12345678"],
    ["a code in a flood of spaces", `${" ".repeat(60)}${CODE}`],
    ["a megabyte", "A".repeat(1_000_000)],
  ])("refuses %s", (_, typed) => {
    expect(normalizeBackupCode(typed)).toBeUndefined();
  });

  test("whatever is typed, comes to ten characters of the alphabet or to nothing", () => {
    const pieces = fc.constantFrom(..."0O1IL2AUZ-_ \u2013ßıſ７é", "\u{1d400}");
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: pieces, maxLength: 14 })), (typed) => {
        const normal = normalizeBackupCode(typed);
        if (normal === undefined) return;
        expect(normal).toMatch(/^[0-9A-HJKMNP-TV-Z]{10}$/);
        expect(normalizeBackupCode(normal)).toBe(normal);
      }),
      { numRuns: 2000 },
    );
  });
});

describe("taking a code out of a set", () => {
  const set = { salt: "c2FsdA", cost: 1024, hashes: ["aaaa", "bbbb", "cccc"] };

  test("leaves the others, in their order, and the set that was given", () => {
    expect(takeBackupCode(set, "bbbb")).toEqual({ ...set, hashes: ["aaaa", "cccc"] });
    expect(set.hashes).toHaveLength(3);
  });

  test.each(["dddd", "", "aaa", "aaaaa", "AAAA"])("there is none of the hash %j", (hash) => {
    expect(takeBackupCode(set, hash)).toBeUndefined();
  });
});
