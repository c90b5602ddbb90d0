import { type TOTP, URI } from "otpauth";
import { createOtpauthUri } from "../../lib/otp/otpauth-uri.js";
import { generateSecret } from "../../lib/otp/secret.js";
import { verifyTotp } from "../../lib/otp/verify-totp.js";

const SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

test("speakeasy, by reading: `12abcd` was as good as `000012`", () => {
  const now = () => 295_705 * 30_000;
  expect(verifyTotp({ secret: SECRET, code: "000012", now })).toBe(295_705);
  for (const code of ["12abcd", "0012ab", "12    ", "000012abcd", "12.5  ", "00012x"]) {
    expect(verifyTotp({ secret: SECRET, code, now })).toBeUndefined();
  }
});

test("django-otp, by reading: digits of other scripts, signs and underscores were taken", () => {
  const now = () => 59_000;
  expect(verifyTotp({ secret: SECRET, code: "287082", now })).toBe(1);
  const forms = ["٢٨٧٠٨٢", "२८७०८२", "+287082", "287_082", "2870８", "0287082"];
  for (const code of forms) {
    expect(verifyTotp({ secret: SECRET, code, now })).toBeUndefined();
  }
  // But for those that the keyboards of East Asia type.
  expect(verifyTotp({ secret: SECRET, code: "２８７０８２", now })).toBe(1);
});

test.each(["SHA1", "SHA256", "SHA512"] as const)(
  "fastify-totp, by reading: the URI said %s and the verifier used another hash",
  (algorithm) => {
    const secret = generateSecret();
    const timestamp = 1_234_567_890_000;
    const uri = createOtpauthUri({ secret, accountName: "ada", algorithm, digits: 8, period: 60 });
    const code = (URI.parse(uri) as TOTP).generate({ timestamp });
    const check = { secret, code, digits: 8, period: 60, now: () => timestamp } as const;
    expect(verifyTotp({ ...check, algorithm })).toBe(20_576_131);
    for (const other of ["SHA1", "SHA256", "SHA512"] as const) {
      if (other !== algorithm) expect(verifyTotp({ ...check, algorithm: other })).toBeUndefined();
    }
  },
);
