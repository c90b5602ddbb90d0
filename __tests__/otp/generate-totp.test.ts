import { execFileSync } from "node:child_process";
import { generateTotp, TotpConfigError, verifyTotp } from "express-totp-setup";
import fc from "fast-check";
import * as otplib from "otplib";
import { encodeBase32 } from "../../lib/otp/base32.js";
import { itWith } from "../helpers/programs.js";
import { thrownBy } from "../helpers/thrown-by.js";

const YEAR_2500 = Date.UTC(2500, 0) / 1000;
const SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

const anyTotp = fc.record({
  secret: fc.uint8Array({ minLength: 16, maxLength: 64 }).map((key) => encodeBase32(key)),
  seconds: fc.integer({ min: 0, max: YEAR_2500 }),
  algorithm: fc.constantFrom("SHA1", "SHA256", "SHA512"),
  digits: fc.constantFrom(6, 8),
  period: fc.integer({ min: 15, max: 300 }),
});

test("codes are those of otplib, and verifyTotp accepts them", () => {
  fc.assert(
    fc.property(anyTotp, ({ secret, seconds, algorithm, digits, period }) => {
      const parameters = { secret, algorithm, digits, period, now: () => seconds * 1000 };
      const code = generateTotp(parameters);
      const hash = algorithm.toLowerCase() as otplib.HashAlgorithm;
      const options = { secret, algorithm: hash, digits, period, epoch: seconds };
      expect(code).toBe(otplib.generateSync(options));
      expect(verifyTotp({ ...parameters, code, window: 0 })).toBe(Math.floor(seconds / period));
    }),
    { numRuns: 200 },
  );
});

itWith("oathtool", "codes are those of oathtool", () => {
  for (const { secret, seconds, algorithm, digits, period } of fc.sample(anyTotp, 20)) {
    const flags = [`--totp=${algorithm}`, "-b", `-d${digits}`, `-s${period}s`, `-N@${seconds}`];
    const expected = execFileSync("oathtool", [...flags, secret], { encoding: "utf8" }).trim();
    const now = () => seconds * 1000;
    const code = generateTotp({ secret, algorithm, digits, period, now });
    expect({ secret, seconds, code }).toEqual({ secret, seconds, code: expected });
  }
});

test("by default: SHA1, 6 digits, 30 seconds, and the current time", () => {
  const now = jest.spyOn(Date, "now").mockReturnValue(59_000);
  // RFC 6238, appendix B, cut to six digits.
  expect(generateTotp({ secret: SECRET })).toBe("287082");
  expect(generateTotp({ secret: SECRET, now: () => new Date(59_000) })).toBe("287082");
  now.mockRestore();
});

test.each<[object, string, string]>([
  [{}, "MISSING_OPTION", "secret"],
  [{ secret: "not base32" }, "INVALID_OPTION", "secret"],
  [{ secret: SECRET, digits: 7 }, "INVALID_OPTION", "digits"],
  [{ secret: SECRET, code: "123456" }, "UNKNOWN_OPTION", "code"],
  [{ secret: SECRET, now: () => Number.NaN }, "INVALID_OPTION", "now"],
])("mistakes are named, without the secret: %j", (options, code, option) => {
  const error = thrownBy(() => generateTotp(options as never));
  expect(error).toBeInstanceOf(TotpConfigError);
  expect(error).toMatchObject({ code, option });
  expect(error.message).not.toContain(SECRET);
});
