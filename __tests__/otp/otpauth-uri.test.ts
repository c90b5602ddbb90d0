import { parse as parseWithOtplib } from "@otplib/uri";
import fc from "fast-check";
import { URI as OtpauthUri, type TOTP } from "otpauth";
import { nameProblem } from "../../lib/otp/names.js";
import { createOtpauthUri, type OtpauthUriInput } from "../../lib/otp/otpauth-uri.js";
import { NAMES, NASTY } from "../helpers/names.js";
import { thrownBy } from "../helpers/thrown-by.js";

const SECRET = "QRZ2XSB5D5OQJ4LIUYBV2MIFN5JHTJ3N";

/** What an authenticator app reads, by two parsers that agree. */
function readBack(uri: string) {
  const { label, issuer, secret, algorithm, digits, period } = OtpauthUri.parse(uri) as TOTP;
  const app = { accountName: label, issuer, secret: secret.base32, algorithm, digits, period };
  // otplib reads no longer ones.
  if (uri.length > 2048) return app;
  const byOtplib = parseWithOtplib(uri);
  expect(byOtplib.label).toBe(issuer === "" ? label : `${issuer}:${label}`);
  expect(byOtplib.params.issuer ?? "").toBe(issuer);
  expect(byOtplib.params.secret).toBe(secret.base32);
  expect((byOtplib.params.algorithm ?? "sha1").toUpperCase()).toBe(algorithm);
  expect(byOtplib.params.digits ?? 6).toBe(digits);
  expect(byOtplib.params.period ?? 30).toBe(period);
  return app;
}

const DEFAULTS = { algorithm: "SHA1", digits: 6, period: 30 };

test("is as short as it can be, secret first", () => {
  expect(createOtpauthUri({ secret: SECRET, accountName: "ada@example.com", issuer: "Acme" })).toBe(
    `otpauth://totp/Acme:ada%40example.com?secret=${SECRET}&issuer=Acme`,
  );
  expect(createOtpauthUri({ secret: SECRET, accountName: "ada" })).toBe(
    `otpauth://totp/ada?secret=${SECRET}`,
  );
});

test("has parameters only where they are not the default", () => {
  const uri = (parameters: Partial<OtpauthUriInput>) =>
    createOtpauthUri({ secret: SECRET, accountName: "ada", ...parameters }).split(SECRET)[1];
  expect(uri({ algorithm: "SHA1", digits: 6, period: 30 })).toBe("");
  expect(uri({ algorithm: "SHA256" })).toBe("&algorithm=SHA256");
  expect(uri({ digits: 8 })).toBe("&digits=8");
  expect(uri({ period: 60 })).toBe("&period=60");
  expect(uri({ algorithm: "SHA512", digits: 8, period: 15 })).toBe(
    "&algorithm=SHA512&digits=8&period=15",
  );
});

test.each(NAMES)("both parsers read back the issuer, the account and the secret: %j", (name) => {
  for (const [issuer, accountName] of [
    [name, "ada"],
    ["Acme", name],
    [name, name],
  ] as const) {
    const uri = createOtpauthUri({ secret: SECRET, accountName, issuer });
    expect(readBack(uri)).toEqual({ accountName, issuer, secret: SECRET, ...DEFAULTS });
  }
  const uri = createOtpauthUri({ secret: SECRET, accountName: name });
  expect(readBack(uri)).toEqual({ accountName: name, issuer: "", secret: SECRET, ...DEFAULTS });
});

const anyName = fc
  .oneof(
    fc.string({ unit: "grapheme", minLength: 1, maxLength: 60 }),
    fc.string({ unit: "binary", minLength: 1, maxLength: 60 }),
    fc.string({ unit: fc.constantFrom(...NASTY), minLength: 1, maxLength: 60 }),
  )
  .filter((name) => nameProblem(name) === undefined);

test("whatever names are allowed, they are read back and the URI is plain ASCII", () => {
  const anyParameters = fc.record({
    algorithm: fc.constantFrom("SHA1", "SHA256", "SHA512"),
    digits: fc.constantFrom(6, 8),
    period: fc.integer({ min: 15, max: 300 }),
  });
  fc.assert(
    fc.property(anyName, anyName, anyParameters, (issuer, accountName, parameters) => {
      const uri = createOtpauthUri({ secret: SECRET, accountName, issuer, ...parameters });
      expect(readBack(uri)).toEqual({ accountName, issuer, secret: SECRET, ...parameters });
      expect(uri).toMatch(/^otpauth:\/\/totp\/[\w%\-.!~*'()]+:[\w%\-.!~*'()]+\?secret=[A-Z2-7]+&/);
      expect(uri).toMatch(/^[\x21-\x7e]+$/);
      expect(uri).not.toContain("+");
      expect(uri.split(":")).toHaveLength(3);
    }),
  );
});

describe("a name that no app could show or tell apart is refused", () => {
  const FORBIDDEN: [string, string, string][] = [
    ["empty", "", "an empty string"],
    ["only white space", " \u00a0\u2003", "a string of white space"],
    ["with a colon", "Acme: Ltd", "\"Acme: Ltd\" with a ':' at index 4"],
    ["with a line feed", "a\nb", '"a\\nb" with the character U+000A at index 1'],
    ["with a NUL", "a\0", '"a\\u0000" with the character U+0000 at index 1'],
    ["with a C1 control character", "a\u0085", '"a\u0085" with the character U+0085 at index 1'],
    ["with a line separator", "a\u2028", '"a\u2028" with the character U+2028 at index 1'],
    [
      "with half a pair of surrogates",
      "a\ud83d",
      '"a\\ud83d" with the character U+D83D at index 1',
    ],
    ["with the other half", "\udd8aa", '"\\udd8aa" with the character U+DD8A at index 0'],
  ];

  test.each(FORBIDDEN)("%s", (_, name, got) => {
    for (const option of ["accountName", "issuer"]) {
      const input = { secret: SECRET, accountName: "ada", [option]: name };
      expect(thrownBy(() => createOtpauthUri(input))).toMatchObject({
        name: "TotpConfigError",
        code: "INVALID_OPTION",
        option,
        got,
      });
    }
  });

  test.each([5, true, {}, [], null, Symbol("ada")])("not a string: %p", (name) => {
    for (const option of ["accountName", "issuer"]) {
      const input = { secret: SECRET, accountName: "ada", [option]: name } as OtpauthUriInput;
      expect(thrownBy(() => createOtpauthUri(input))).toMatchObject({ option });
    }
  });
});

test.each<[string, object, object]>([
  [
    "no account name",
    { accountName: undefined },
    { code: "MISSING_OPTION", option: "accountName" },
  ],
  ["no secret", { secret: undefined }, { code: "MISSING_OPTION", option: "secret" }],
  ["an unknown argument", { accountname: "ada" }, { fix: "Did you mean accountName?" }],
  ["another library's argument", { label: "ada" }, { code: "UNKNOWN_OPTION", option: "label" }],
  ["MD5", { algorithm: "MD5" }, { expected: '"SHA1" or "SHA256" or "SHA512"' }],
  ["the algorithm in lower case", { algorithm: "sha256" }, { option: "algorithm" }],
  ["7 digits", { digits: 7 }, { option: "digits", got: "7 (number)" }],
  ["digits as text", { digits: "6" }, { option: "digits", got: '"6" (string)' }],
  ["a period in milliseconds", { period: 30_000 }, { option: "period" }],
])("refuses %s", (_, change, error) => {
  const input = { secret: SECRET, accountName: "ada", ...change };
  expect(thrownBy(() => createOtpauthUri(input as OtpauthUriInput))).toMatchObject(error);
});
