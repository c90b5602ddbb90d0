import fc from "fast-check";
import { TotpStateError } from "../../../lib/base/errors.js";
import { generateKey, resolveKeys } from "../../../lib/encryption/keys.js";
import { encodeBase32 } from "../../../lib/otp/base32.js";
import type { TotpState } from "../../../lib/service/machine/state.js";
import { createCodec } from "../../../lib/service/storage/codec.js";
import { decodeState, encodeState } from "../../../lib/service/storage/state-text.js";
import { secretNo } from "../../helpers/service.js";
import { thrownBy } from "../../helpers/thrown-by.js";

const SECRET = secretNo(1);

const ENROLLMENT = { secret: SECRET, algorithm: "SHA1", digits: 6, period: 30 } as const;
const PENDING = { ...ENROLLMENT, secret: secretNo(2), expiresAt: 2_000_000_600_000 };
const FULL = {
  pending: { enrollments: [PENDING], expiresAt: 2_000_000_600_000, wrongCodes: 1 },
  active: { ...ENROLLMENT, createdAt: 1, lastUsedStep: 0, verifiedAt: 2 },
  backupCodes: { salt: "c2FsdA", hashes: ["aGFzaDE", "aGFzaDI"] },
  lockout: { wrongCodes: 1, lockedUntil: 2, allowanceUsedUntil: 3, reportedAt: 4 },
  logins: [{ hash: "bG9naW4", expiresAt: 5, mustEnroll: false }],
  devices: [{ id: "ZGV2aWNl", hash: "dG9rZW4", label: "Phone", createdAt: 6, expiresAt: 7 }],
} satisfies TotpState;

const anyTime = fc.integer({ min: 0, max: 8.64e15 });
const enrollmentParts = {
  secret: fc.uint8Array({ minLength: 10, maxLength: 64 }).map(encodeBase32),
  algorithm: fc.constantFrom("SHA1", "SHA256", "SHA512"),
  digits: fc.constantFrom(6, 8),
  period: fc.integer({ min: 15, max: 300 }),
} as const;
const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const anyText = fc.base64String({ minLength: 4 });
const anyState: fc.Arbitrary<TotpState> = fc.record({
  pending: optional(
    fc.record({
      enrollments: fc.array(fc.record({ ...enrollmentParts, expiresAt: anyTime })),
      expiresAt: anyTime,
      wrongCodes: fc.nat(),
    }),
  ),
  active: optional(
    fc.record({
      ...enrollmentParts,
      createdAt: anyTime,
      lastUsedStep: fc.maxSafeNat(),
      verifiedAt: anyTime,
    }),
  ),
  backupCodes: optional(fc.record({ salt: anyText, hashes: fc.array(anyText) })),
  lockout: optional(
    fc.record({
      wrongCodes: fc.nat(),
      lockedUntil: anyTime,
      allowanceUsedUntil: anyTime,
      reportedAt: anyTime,
    }),
  ),
  logins: optional(
    fc.array(fc.record({ hash: anyText, expiresAt: anyTime, mustEnroll: fc.boolean() }), {
      minLength: 1,
    }),
  ),
  devices: optional(
    fc.array(
      fc.record({
        id: anyText,
        hash: anyText,
        label: optional(fc.string({ minLength: 1, unit: "grapheme" })),
        createdAt: anyTime,
        expiresAt: anyTime,
      }),
      { minLength: 1 },
    ),
  ),
});

/** The full state with one field, such as `active.lastUsedStep`, replaced. */
function textWith(path: string, value: unknown): string {
  const state = structuredClone({ version: 2, ...FULL }) as Record<string, unknown>;
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
      const { pending, active, lockout, logins } = state;
      const text = encodeState(state);
      if (!pending && !active && !lockout && !logins) expect(text).toBeUndefined();
      else expect(decodeState(String(text))).toEqual(state);
    }),
  );
});

test("this is what a later version must be able to read", () => {
  const text =
    '{"version":2,' +
    `"pending":{"enrollments":[{"secret":"${secretNo(2)}","algorithm":"SHA1","digits":6,"period":30,"expiresAt":2000000600000}],"expiresAt":2000000600000,"wrongCodes":1},` +
    `"active":{"secret":"${SECRET}","algorithm":"SHA1","digits":6,"period":30,"createdAt":1,"lastUsedStep":0,"verifiedAt":2},` +
    '"backupCodes":{"salt":"c2FsdA","hashes":["aGFzaDE","aGFzaDI"]},' +
    '"lockout":{"wrongCodes":1,"lockedUntil":2,"allowanceUsedUntil":3,"reportedAt":4},' +
    '"logins":[{"hash":"bG9naW4","expiresAt":5,"mustEnroll":false}],' +
    '"devices":[{"id":"ZGV2aWNl","hash":"dG9rZW4","label":"Phone","createdAt":6,"expiresAt":7}]}';
  expect(encodeState(FULL)).toBe(text);
  expect(decodeState(text)).toEqual(FULL);
});

test("nothing is kept if there is nothing to remember", () => {
  expect(encodeState({})).toBeUndefined();
  expect(encodeState({ backupCodes: FULL.backupCodes })).toBeUndefined();
  expect(encodeState({ logins: [], devices: [] })).toBeUndefined();
  expect(encodeState({ ...FULL, logins: [], devices: [] })).not.toMatch(/logins|devices/);
});

test("an enrollment in the form of the first version is refused", () => {
  const old = `{"version":1,"active":${JSON.stringify(FULL.active)}}`;
  expect(() => decodeState(old)).toThrow(TotpStateError);
});

const NO_TIMES = [undefined, null, true, false, -1, 0.5, 2 ** 53, "1", [1], {}];
const NO_COUNTS = NO_TIMES;

const NO_OBJECTS = [null, true, 1, "x", [], {}];
const NO_TEXTS = [undefined, null, 1, true, [], ""];

const malformed: [path: string, values: unknown[]][] = [
  ["version", [undefined, null, 0, 1, 3, "2", true, 1.5, [2]]],
  ["pending", NO_OBJECTS],
  ["active", NO_OBJECTS],
  ["backupCodes", NO_OBJECTS],
  ["lockout", NO_OBJECTS],
  ["logins", [null, true, 1, "x", {}, [null], [{}], [[]]]],
  ["devices", [null, true, 1, "x", {}, [null], [{}], [[]]]],
  ...["pending.enrollments.0", "active"].flatMap((part): [string, unknown[]][] => [
    [
      `${part}.secret`,
      [undefined, null, "", 1, true, "A", "aaaaaaaa", "AAAAAAA=", "AAAA 2345", []],
    ],
    [`${part}.algorithm`, [undefined, null, "", "sha1", "MD5", 1, ["SHA1"], "toString"]],
    [`${part}.digits`, [undefined, null, "6", 0, 7, true, 6.5, [6]]],
    [`${part}.period`, [...NO_COUNTS, 0]],
  ]),
  ["pending.enrollments", [undefined, null, "x", {}, [null], [{}], [[]], [FULL.active]]],
  ["pending.enrollments.0.expiresAt", NO_TIMES],
  ["pending.expiresAt", NO_TIMES],
  ["pending.wrongCodes", NO_COUNTS],
  ["active.createdAt", NO_TIMES],
  ["active.lastUsedStep", NO_COUNTS],
  ["active.verifiedAt", NO_TIMES],
  ["backupCodes.salt", NO_TEXTS],
  ["backupCodes.hashes", [undefined, null, "x", {}, [""], [1], [null], ["x", true], [["x"]]]],
  ["lockout.wrongCodes", NO_COUNTS],
  ["lockout.lockedUntil", NO_TIMES],
  ["lockout.allowanceUsedUntil", NO_TIMES],
  ["lockout.reportedAt", NO_TIMES],
  ["logins.0.hash", NO_TEXTS],
  ["logins.0.expiresAt", NO_TIMES],
  ["logins.0.mustEnroll", [undefined, null, 0, 1, "true", []]],
  ["devices.0.id", NO_TEXTS],
  ["devices.0.hash", NO_TEXTS],
  ["devices.0.label", [null, 1, true, [], ""]],
  ["devices.0.createdAt", NO_TIMES],
  ["devices.0.expiresAt", NO_TIMES],
];

describe.each(malformed)("a state with %s", (path, values) => {
  test.each(values.map((value) => [JSON.stringify(value), value]))("%s is refused", (_, value) => {
    expect(() => decodeState(textWith(path, value))).toThrow(TotpStateError);
  });
});

test("a field that is not known is refused, in every part", () => {
  const parts = ["pending", "pending.enrollments.0", "active", "backupCodes", "lockout"];
  for (const part of ["", ...parts, "logins.0", "devices.0"].map((at) => at && `${at}.`)) {
    expect(() => decodeState(textWith(`${part}extra`, 1))).toThrow(TotpStateError);
  }
});

test("a state without its pending or its active part is read", () => {
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

test("what was cut anywhere is refused", () => {
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
        expect(Object.values(decodeState(changed)).filter(Boolean)).toHaveLength(6);
      } catch (error) {
        expect(error).toBeInstanceOf(TotpStateError);
      }
    }
  }
});

test("a part under a damaged name is refused, as it would read as: TOTP is off", () => {
  const text = String(encodeState({ active: FULL.active }));
  expect(() => decodeState(text.replace('"active"', '"actove"'))).toThrow(TotpStateError);
  expect(() => decodeState(text.replace("{", '{"__proto__":{},'))).toThrow(TotpStateError);
  expect(() => decodeState(text.replace("{", '{"toString":{},'))).toThrow(TotpStateError);
  expect(() => decodeState('{"version":2}')).toThrow(TotpStateError);
  expect(() => decodeState('{"version":2,"devices":[]}')).toThrow(TotpStateError);
  expect(() => decodeState('{"version":2,"backupCodes":null}')).toThrow(TotpStateError);
});

test("an error shows nothing of the text", () => {
  const texts = [
    `${SECRET}`,
    `{"version":2,"active":{"secret":"${SECRET}",`,
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

test.each([
  ["[]", "is not a JSON object"],
  ["null", "is not a JSON object"],
  ['"text"', "is not a JSON object"],
  ["{", "is not a JSON object"],
  ['{"version":3}', "has an unknown version"],
  ['{"version":2}', "is malformed"],
])("%s: the error says that it %s", (text, problem) => {
  expect(() => decodeState(text)).toThrow(expect.objectContaining({ problem }));
});

test("a lockout alone is a state", () => {
  const lockout = { wrongCodes: 1, lockedUntil: 0, allowanceUsedUntil: 5, reportedAt: 0 };
  expect(decodeState(String(encodeState({ lockout })))).toEqual({ lockout });
});

describe("the error of a value says what to do", () => {
  const RESET =
    "If it cannot be restored, call reset(userId) on the service: it removes the value and turns TOTP off.";
  const keys = resolveKeys("encryption", { current: { id: "one", key: generateKey() } });
  const encrypting = createCodec({ keys, acceptPlaintext: false });

  test.each([
    ["damaged", () => createCodec(undefined).decode("ada", "{"), RESET],
    [
      "encrypted",
      () => createCodec(undefined).decode("ada", String(encrypting.encode("ada", FULL))),
      `Set the option encryption to the keys that it was encrypted with. ${RESET}`,
    ],
    [
      "not encrypted",
      () => encrypting.decode("ada", String(encodeState(FULL))),
      "If it was stored before encryption was set, set encryption.acceptPlaintext until you have called " +
        `reencrypt(userId) for every user. ${RESET}`,
    ],
  ])("that is %s", (_, decode, fix) => {
    expect(decode).toThrow(expect.objectContaining({ userId: "ada", fix }));
  });
});
