import crypto, { createHmac } from "node:crypto";
import fc from "fast-check";
import {
  BACKUP_CODE_LENGTHS,
  generateBackupCodes,
  normalizeBackupCode,
  takeBackupCode,
} from "../../../lib/service/machine/backup-codes.js";

const CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const NORMAL = "7M2QX0ZK4TBH9E1R";

test.each([
  [16, 4],
  [20, 5],
  [24, 6],
  [28, 7],
] as const)("codes of %i characters come in %i groups of four", (length, groups) => {
  const { codes } = generateBackupCodes(20, length);
  for (const code of codes) {
    expect(code.split("-")).toHaveLength(groups);
    for (const group of code.split("-")) expect(group).toMatch(/^[0-9A-Z]{4}$/);
    for (const character of code.replaceAll("-", "")) expect(CROCKFORD).toContain(character);
  }
});

test("the lengths are 16 to 28", () => {
  expect(BACKUP_CODE_LENGTHS).toEqual([16, 20, 24, 28]);
});

test("every character of the alphabet comes up in every place, and no two codes are the same", () => {
  const codes = Array.from({ length: 30 }, () => generateBackupCodes(20, 16).codes).flat();
  expect(new Set(codes).size).toBe(600);
  for (const place of [0, 3, 5, 18]) {
    // That one of 32 is missing among 600 has a chance of 32 * (31/32)^600, some two in ten million.
    expect([...new Set(codes.map((code) => code[place]))].sort().join("")).toBe(CROCKFORD);
  }
});

test("no code is made of digits alone, as that could be read as three TOTP codes", () => {
  const zeros = Buffer.alloc(24) as unknown as undefined;
  const randomBytes = jest.spyOn(crypto, "randomBytes").mockReturnValueOnce(zeros);
  const { codes } = generateBackupCodes(1, 24);
  expect(randomBytes.mock.results[0]?.value).toBe(zeros);
  expect(codes[0]).toMatch(/[A-Z]/);
  randomBytes.mockRestore();
});

test("all codes take one call for random bytes, and the salt another", () => {
  const randomBytes = jest.spyOn(crypto, "randomBytes");
  generateBackupCodes(20, 28);
  expect(randomBytes.mock.calls.map(([size]) => size)).toEqual([20 * 28, 16]);
  randomBytes.mockRestore();
});

test("as many as asked for are generated, and a hash of each is kept", () => {
  for (const count of [1, 10, 20]) {
    const { codes, set } = generateBackupCodes(count, 16);
    expect(codes).toHaveLength(count);
    expect(new Set(set.hashes).size).toBe(count);
    expect(JSON.stringify(set)).not.toMatch(new RegExp(codes.join("|")));
    expect(JSON.stringify(set)).not.toMatch(new RegExp(codes.join("|").replaceAll("-", "")));
  }
});

test("a set has one salt of 16 bytes, another than the next set", () => {
  const [one, two] = [generateBackupCodes(1, 16), generateBackupCodes(1, 16)];
  expect(one.set.salt).not.toBe(two.set.salt);
  expect(Buffer.from(one.set.salt, "base64url")).toHaveLength(16);
});

test("a hash is 128 bits of HMAC-SHA-256 under the salt of the set", () => {
  const { codes, set } = generateBackupCodes(1, 24);
  const hmac = createHmac("sha256", Buffer.from(set.salt, "base64url"));
  const digest = hmac.update(String(codes[0]).replaceAll("-", "")).digest();
  expect(set.hashes).toEqual([digest.subarray(0, 16).toString("base64url")]);
});

describe("normalization", () => {
  test.each([
    ["as it is shown, stripped", NORMAL],
    ["in lower case", NORMAL.toLowerCase()],
    ["with the letter O for a zero", "7M2QXOZK4TBH9E1R"],
    ["with a small o for a zero", "7m2qxozk4tbh9e1r"],
    ["with an I for a one", "7M2QX0ZK4TBH9EIR"],
    ["with an i for a one", "7m2qx0zk4tbh9eir"],
    ["with an L for a one", "7M2QX0ZK4TBH9ELR"],
    ["with an l for a one", "7m2qx0zk4tbh9elr"],
  ])("reads a code %s", (_, typed) => {
    expect(normalizeBackupCode(typed)).toBe(NORMAL);
  });

  test.each([
    ["nothing", ""],
    ["a text that is too short", NORMAL.slice(1)],
    ["one between two lengths", `${NORMAL}00`],
    ["a text that is too long", `${NORMAL}${NORMAL}`],
    ["a letter that is none of the alphabet", NORMAL.replace("B", "U")],
    ["a sign", NORMAL.replace("B", "_")],
    ["digits of another script", NORMAL.replace("7", "٧")],
    ["a letter that only looks like one", NORMAL.replace("M", "М")],
    ["a TOTP code", "123456"],
    ["a TOTP code of eight digits", "12345678"],
  ])("refuses %s", (_, typed) => {
    expect(normalizeBackupCode(typed)).toBeUndefined();
  });

  test("whatever is typed becomes 16 to 28 characters of the alphabet, or nothing", () => {
    const pieces = fc.constantFrom(..."0O1IL2AUZ_ßıſé", "\u{1d400}");
    const anyText = fc.string({ unit: pieces, minLength: 12, maxLength: 30 });
    fc.assert(
      fc.property(fc.oneof(fc.string(), anyText), (typed) => {
        const normal = normalizeBackupCode(typed);
        if (normal === undefined) return;
        expect(normal).toMatch(/^[0-9A-HJKMNP-TV-Z]+$/);
        expect(BACKUP_CODE_LENGTHS).toContain(normal.length);
        expect(normalizeBackupCode(normal)).toBe(normal);
      }),
      { numRuns: 2000 },
    );
  });
});

describe("taking a code out of a set", () => {
  const { codes, set } = generateBackupCodes(3, 16);
  const [one = "", two = ""] = codes.map((code) => code.replaceAll("-", ""));

  test("leaves the others, in their order, and the set that was given", () => {
    const [first, , third] = set.hashes;
    expect(takeBackupCode(set, two)).toEqual({ ...set, hashes: [first, third] });
    expect(set.hashes).toHaveLength(3);
  });

  test.each(["0000000000000000", "", one.slice(1), `${one}0`, one.toLowerCase()])(
    "finds none for %j",
    (code) => {
      expect(takeBackupCode(set, code)).toBeUndefined();
    },
  );

  test("finds none under another salt, and none among hashes of another length", () => {
    expect(takeBackupCode({ ...set, salt: "b3RoZXI" }, one)).toBeUndefined();
    const cut = set.hashes.map((hash) => hash.slice(0, 8));
    expect(takeBackupCode({ ...set, hashes: cut }, one)).toBeUndefined();
  });
});
