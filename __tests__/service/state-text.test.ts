import fc from "fast-check";
import { TotpStateError } from "../../lib/base/errors.js";
import { encodeBase32 } from "../../lib/otp/base32.js";
import type { TotpState } from "../../lib/service/state.js";
import { decodeState, encodeState } from "../../lib/service/storage/state-text.js";
import { secretNo } from "../helpers/service.js";
import { thrownBy } from "../helpers/thrown-by.js";

const SECRET = secretNo(1);

const ENROLLMENT = { secret: SECRET, algorithm: "SHA1", digits: 6, period: 30 } as const;
const FULL = {
  pending: { ...ENROLLMENT, secret: secretNo(2), expiresAt: 2_000_000_600_000 },
  active: { ...ENROLLMENT, createdAt: 1, lastUsedStep: 0, verifiedAt: 2 },
  backupCodes: { salt: "c2FsdA", cost: 16_384, hashes: ["aGFzaDE", "aGFzaDI"] },
  attempts: { failures: 1, locks: 2, lockedUntil: 3 },
} satisfies TotpState;

const anyTime = fc.integer({ min: 0, max: 8.64e15 });
const enrollmentParts = {
  secret: fc.uint8Array({ minLength: 10, maxLength: 64 }).map(encodeBase32),
  algorithm: fc.constantFrom("SHA1", "SHA256", "SHA512"),
  digits: fc.constantFrom(6, 8),
  period: fc.integer({ min: 15, max: 300 }),
} as const;
const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const anyState: fc.Arbitrary<TotpState> = fc.record({
  pending: optional(fc.record({ ...enrollmentParts, expiresAt: anyTime })),
  active: optional(
    fc.record({
      ...enrollmentParts,
      createdAt: anyTime,
      lastUsedStep: fc.maxSafeNat(),
      verifiedAt: anyTime,
    }),
  ),
  backupCodes: optional(
    fc.record({
      salt: fc.base64String({ minLength: 4 }),
      cost: fc.integer({ min: 10, max: 20 }).map((power) => 2 ** power),
      hashes: fc.array(fc.base64String({ minLength: 4 })),
    }),
  ),
  attempts: optional(
    fc.record({ failures: fc.nat(), locks: fc.nat(), lockedUntil: fc.maxSafeNat() }),
  ),
});

/** The full state with one field, such as `active.lastUsedStep`, replaced. */
function textWith(path: string, value: unknown): string {
  const state = structuredClone({ version: 1, ...FULL }) as Record<string, unknown>;
  const names = path.split(".");
  const last = String(names.pop());
  const parent = names.reduce((at, name) => at[name] as Record<string, unknown>, state);
  if (value === undefined) delete parent[last];
  else parent[last] = value;
  return JSON.stringify(state);
}

test("what was written is read again", () => {
  fc.assert(
    fc.property(anyState, (state) => {
      const { pending, active, attempts } = state;
      const text = encodeState(state);
      if (!pending && !active && !attempts) expect(text).toBeUndefined();
      else expect(decodeState(String(text))).toEqual(state);
    }),
  );
});

test("this is what a later version must be able to read", () => {
  const text =
    '{"version":1,' +
    `"pending":{"secret":"${secretNo(2)}","algorithm":"SHA1","digits":6,"period":30,"expiresAt":2000000600000},` +
    `"active":{"secret":"${SECRET}","algorithm":"SHA1","digits":6,"period":30,"createdAt":1,"lastUsedStep":0,"verifiedAt":2},` +
    '"backupCodes":{"salt":"c2FsdA","cost":16384,"hashes":["aGFzaDE","aGFzaDI"]},' +
    '"attempts":{"failures":1,"locks":2,"lockedUntil":3}}';
  expect(encodeState(FULL)).toBe(text);
  expect(decodeState(text)).toEqual(FULL);
});

test("nothing is kept where there is nothing to remember", () => {
  expect(encodeState({})).toBeUndefined();
  expect(encodeState({ backupCodes: FULL.backupCodes })).toBeUndefined();
});

const NO_TIMES = [undefined, null, true, false, -1, 0.5, 2 ** 53, "1", [1], {}];
const NO_COUNTS = NO_TIMES;

const malformed: [path: string, values: unknown[]][] = [
  ["version", [undefined, null, 0, 2, "1", true, 1.5, [1]]],
  ["pending", [null, true, 1, "x", [], {}]],
  ["active", [null, false, 0, "", [], {}]],
  ["backupCodes", [null, true, 1, "x", [], {}]],
  ["attempts", [null, true, 5, "x", [], {}]],
  ...["pending", "active"].flatMap((part): [string, unknown[]][] => [
    [
      `${part}.secret`,
      [undefined, null, "", 1, true, "A", "aaaaaaaa", "AAAAAAA=", "AAAA 2345", []],
    ],
    [`${part}.algorithm`, [undefined, null, "", "sha1", "MD5", 1, ["SHA1"], "toString"]],
    [`${part}.digits`, [undefined, null, "6", 0, 7, true, 6.5, [6]]],
    [`${part}.period`, [...NO_COUNTS, 0]],
  ]),
  ["pending.expiresAt", NO_TIMES],
  ["active.createdAt", NO_TIMES],
  ["active.lastUsedStep", NO_COUNTS],
  ["active.verifiedAt", NO_TIMES],
  ["backupCodes.salt", [undefined, null, 1, true, [], ""]],
  ["backupCodes.cost", [...NO_COUNTS, 0, 1, 1000, 2 ** 40]],
  ["backupCodes.hashes", [undefined, null, "x", {}, [""], [1], [null], ["x", true], [["x"]]]],
  ["attempts.failures", NO_COUNTS],
  ["attempts.locks", NO_COUNTS],
  ["attempts.lockedUntil", NO_COUNTS],
];

describe.each(malformed)("a state with %s", (path, values) => {
  test.each(values.map((value) => [JSON.stringify(value), value]))("%s is refused", (_, value) => {
    expect(() => decodeState(textWith(path, value))).toThrow(TotpStateError);
  });
});

test("a state that is only lacking its pending or its active part is fine", () => {
  expect(decodeState(textWith("pending", undefined)).active).toEqual(FULL.active);
  expect(decodeState(textWith("active", undefined)).pending).toEqual(FULL.pending);
});

test.each([
  ["nothing", ""],
  ["null", "null"],
  ["true", "true"],
  ["an array", "[]"],
  ["a number", "1"],
  ["a string", '"{}"'],
  ["an object without a version", "{}"],
  ["something cut", encodeState(FULL)?.slice(0, -1) ?? ""],
  ["two states", `${encodeState(FULL)}${encodeState(FULL)}`],
  ["what String made of an object", "[object Object]"],
  ["undefined as text", "undefined"],
])("%s is refused, and never read as: TOTP is off", (_, text) => {
  expect(() => decodeState(text)).toThrow(TotpStateError);
});

test("what is cut at any place is refused", () => {
  const text = String(encodeState(FULL));
  for (let end = 0; end < text.length; end++) {
    expect(() => decodeState(text.slice(0, end))).toThrow(TotpStateError);
  }
});

test("what has one character changed is refused, unless it is a state of as many parts", () => {
  const text = String(encodeState(FULL));
  for (let i = 0; i < text.length; i++) {
    for (const character of ["!", "0", " ", "A"]) {
      const changed = `${text.slice(0, i)}${character}${text.slice(i + 1)}`;
      try {
        // Such as one with another digit in a time, or another letter in a hash.
        expect(Object.values(decodeState(changed)).filter(Boolean)).toHaveLength(4);
      } catch (error) {
        expect(error).toBeInstanceOf(TotpStateError);
      }
    }
  }
});

test("a part under an unknown name is refused, as a part that is missing would be: TOTP is off", () => {
  const text = String(encodeState({ active: FULL.active }));
  expect(() => decodeState(text.replace('"active"', '"actove"'))).toThrow(TotpStateError);
  expect(() => decodeState(text.replace("{", '{"__proto__":{},'))).toThrow(TotpStateError);
  expect(() => decodeState(text.replace("{", '{"toString":{},'))).toThrow(TotpStateError);
  expect(() => decodeState('{"version":1}')).toThrow(TotpStateError);
  expect(() => decodeState('{"version":1,"backupCodes":null}')).toThrow(TotpStateError);
});

test("an error shows nothing of the text", () => {
  const texts = [
    `${SECRET}`,
    `{"version":1,"active":{"secret":"${SECRET}",`,
    textWith("version", SECRET),
    textWith("active.digits", SECRET),
    textWith("active.secret", `${SECRET}!`),
    textWith("backupCodes.hashes", SECRET),
  ];
  for (const text of texts) {
    const error = thrownBy(() => decodeState(text));
    expect(error).toMatchObject({ name: "TotpStateError", code: "UNREADABLE_STATE" });
    expect(`${error.message} ${error.stack} ${JSON.stringify(error)}`).not.toMatch(/[A-Z2-7]{16}/);
    expect(error.cause).toBeUndefined();
  }
});
