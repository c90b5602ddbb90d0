import { decodeExistingSecret, type SecretEncoding } from "../../lib/otp/existing-secret.js";
import { thrownBy } from "../helpers/thrown-by.js";

const BYTES = Buffer.from("48656c6c6f21deadbeef", "hex");

describe("decodeExistingSecret", () => {
  test.each<[SecretEncoding, string, string]>([
    ["base32", "as speakeasy and otplib store it", "JBSWY3DPEHPK3PXP"],
    ["base32", "in lower case", "jbswy3dpehpk3pxp"],
    ["base32", "in groups of four", "jbsw y3dp ehpk 3pxp"],
    ["base32", "padded", "JBSWY3DPEHPK3PXP======"],
    ["base32", "padded, with several lines' ends", "JBSWY3DPEHPK3PXP======\r\n\n"],
    ["base32", "with hyphens, padding and a line's end", "JBSW-Y3DP-EHPK-3PXP======\n"],
    ["hex", "in lower case", "48656c6c6f21deadbeef"],
    ["hex", "in upper case", "48656C6C6F21DEADBEEF"],
  ])("reads %s %s", (encoding, _, text) => {
    expect(decodeExistingSecret(text, encoding)).toEqual(BYTES);
  });

  test("takes ASCII as it is, white space and all", () => {
    const text = " x9f=- \u0000\u007fGi\n";
    expect(decodeExistingSecret(text, "ascii")).toEqual(Buffer.from(text));
  });

  test.each<[SecretEncoding, string, unknown]>([
    ["base32", "0, 1, 8 and 9, as in hex", "4865666631346139deadbeef"],
    ["base32", "a length that no bytes have", "JBSWY3DPEHPK3PXPA"],
    ["base32", "padding in the middle", "JBSWY3DP=EHPK3PXP"],
    ["base32", "a letter that becomes ASCII in upper case", "JBSWY3DPEHPK3PXPıJBSWY3D"],
    ["hex", "an odd number of digits", "48656c6c6f21deadbeef0"],
    ["hex", "white space", "48656c6c6f21 deadbeef"],
    ["hex", "0x in front", "0x48656c6c6f21deadbeef"],
    ["ascii", "other characters", "a secret with é in it"],
    ["ascii", "fewer than 10 bytes", "123456789"],
    ["ascii", "more than 128 bytes", "x".repeat(129)],
    ["base32", "nothing", ""],
    ["hex", "nothing", ""],
    ["base32", "bytes", BYTES],
    ["ascii", "an object with a length", { length: 20 }],
  ])("refuses as %s: %s", (encoding, _, secret) => {
    const error = thrownBy(() => decodeExistingSecret(secret, encoding));
    expect(error).toMatchObject({
      name: "TotpConfigError",
      code: "INVALID_OPTION",
      option: "secret",
      message: expect.stringMatching(/^secret: expected .+, for 10 to 128 bytes, got /),
    });
    if (secret) expect(error.message).not.toContain(String(secret));
  });

  describe("a warning, once, if a secret in ASCII looks encoded", () => {
    function warningsFor(...secrets: string[]): unknown[] {
      const warn = jest.spyOn(process, "emitWarning").mockReturnValue();
      try {
        jest.isolateModules(() => {
          const { decodeExistingSecret: decode } = require("../../lib/otp/existing-secret.js");
          for (const secret of secrets) decode(secret, "ascii");
        });
        return [...warn.mock.calls];
      } finally {
        warn.mockRestore();
      }
    }

    test.each([
      "JBSWY3DPEHPK3PXP",
      "JBSWY3DPEHPK3PXPJA======",
      "jbswy3dpehpk3pxp",
      "48656c6c6f21deadbeef48656c6c6f21",
      "48656C6C6F21DEADBEEF48656C6C6F21",
    ])("%s", (secret) => {
      const warnings = warningsFor(secret, secret);
      expect(warnings).toEqual([
        [expect.any(String), { type: "TotpWarning", code: "TOTP_SECRET_ENCODING" }],
      ]);
      expect(String(warnings)).not.toContain(secret);
    });

    test("not for what looks like ASCII", () => {
      expect(
        warningsFor("Wi*K0zNg[9Lx7Rfe", "JBSWY3DPEH0", "jbswY3dpehpk3pxp", "48656c6c6f21de8989"),
      ).toEqual([]);
    });
  });

  test("takes 10 to 128 bytes", () => {
    for (const length of [10, 20, 64, 128]) {
      const hex = "ab".repeat(length);
      expect(decodeExistingSecret(hex, "hex")).toHaveLength(length);
    }
  });

  test("a missing secret and a wrong encoding are named", () => {
    expect(thrownBy(() => decodeExistingSecret(undefined, "hex"))).toMatchObject({
      code: "MISSING_OPTION",
      option: "secret",
    });
    for (const [encoding, code] of [
      ["base64", "INVALID_OPTION"],
      [undefined, "MISSING_OPTION"],
    ]) {
      expect(thrownBy(() => decodeExistingSecret("JBSWY3DPEHPK3PXP", encoding))).toMatchObject({
        code,
        option: "encoding",
        expected: '"ascii" or "base32" or "hex"',
      });
    }
  });
});
