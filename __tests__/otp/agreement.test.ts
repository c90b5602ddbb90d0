import { execFileSync } from "node:child_process";
import fc from "fast-check";
import * as otpauth from "otpauth";
import * as otplib from "otplib";
import { encodeBase32 } from "../../lib/otp/base32.js";
import { verifyTotp } from "../../lib/otp/verify-totp.js";
import { itWith } from "../helpers/programs.js";

const YEAR_2500 = Date.UTC(2500, 0) / 1000;

const parameters = {
  seconds: fc.integer({ min: 0, max: YEAR_2500 }),
  algorithm: fc.constantFrom("SHA1", "SHA256", "SHA512"),
  digits: fc.constantFrom(6, 8),
  period: fc.integer({ min: 15, max: 300 }),
};

// otplib takes no shorter secrets.
const anyTotp = fc.record({ key: fc.uint8Array({ minLength: 16, maxLength: 64 }), ...parameters });

test("codes of otpauth and otplib are accepted, for the time step that they are of", () => {
  fc.assert(
    fc.property(anyTotp, ({ key, seconds, algorithm, digits, period }) => {
      const secret = encodeBase32(key);
      const code = new otpauth.TOTP({ secret, algorithm, digits, period }).generate({
        timestamp: seconds * 1000,
      });
      const lower = algorithm.toLowerCase() as otplib.HashAlgorithm;
      expect(
        otplib.generateSync({ secret, algorithm: lower, digits, period, epoch: seconds }),
      ).toBe(code);
      const now = () => seconds * 1000;
      expect(verifyTotp({ secret, code, algorithm, digits, period, window: 0, now })).toBe(
        Math.floor(seconds / period),
      );
    }),
    { numRuns: 300 },
  );
});

test("a code is accepted at another time only where otpauth accepts it too", () => {
  fc.assert(
    fc.property(
      anyTotp,
      fc.integer({ min: -700, max: 700 }),
      fc.integer({ min: 0, max: 10 }),
      ({ key, seconds, algorithm, digits, period }, drift, window) => {
        const secret = encodeBase32(key);
        const app = new otpauth.TOTP({ secret, algorithm, digits, period });
        const generatedAt = 10_000 + seconds;
        const timestamp = (generatedAt + drift) * 1000;
        const code = app.generate({ timestamp: generatedAt * 1000 });
        const step = verifyTotp({
          secret,
          code,
          algorithm,
          digits,
          period,
          window,
          now: () => timestamp,
        });
        expect(step !== undefined).toBe(app.validate({ token: code, timestamp, window }) !== null);
      },
    ),
    { numRuns: 200 },
  );
});

test("80-bit secrets of other libraries give the codes that otpauth gives", () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 10, maxLength: 15 }),
      parameters.seconds,
      (key, seconds) => {
        const secret = encodeBase32(key);
        const timestamp = seconds * 1000;
        const code = new otpauth.TOTP({ secret }).generate({ timestamp });
        expect(verifyTotp({ secret, code, window: 0, now: () => timestamp })).toBe(
          Math.floor(seconds / 30),
        );
      },
    ),
  );
});

itWith(
  "oathtool",
  "oathtool reads the same key out of a secret, and its codes are accepted",
  () => {
    for (const { key, seconds, algorithm, digits, period } of fc.sample(anyTotp, 40)) {
      const secret = encodeBase32(key);
      const options = [`--totp=${algorithm}`, "-b", "-v", `-d${digits}`, `-s${period}s`];
      const said = execFileSync("oathtool", [...options, `-N@${seconds}`, secret], {
        encoding: "utf8",
      });
      expect(/^Hex secret: (\w+)$/m.exec(said)?.[1]).toBe(Buffer.from(key).toString("hex"));
      const code = String(said.trimEnd().split("\n").at(-1));
      const now = () => seconds * 1000;
      expect({
        secret,
        seconds,
        step: verifyTotp({ secret, code, algorithm, digits, period, window: 0, now }),
      }).toEqual({ secret, seconds, step: Math.floor(seconds / period) });
    }
  },
);
