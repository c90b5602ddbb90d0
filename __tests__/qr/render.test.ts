import { TotpConfigError } from "../../lib/base/errors.js";
import { renderQrCode, renderQrCodeUrl } from "../../lib/qr/render.js";
import { otpauthUri } from "../helpers/qr-uris.js";
import { seeErrors } from "../helpers/see-errors.js";
import { thrownBy } from "../helpers/thrown-by.js";

const uri = otpauthUri("Acme", "alice@example.com", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP");

test("it is a PNG unless an SVG is asked for", () => {
  expect(renderQrCode(uri)).toMatch(/^data:image\/png;base64,[A-Za-z0-9+/]+=*$/);
  expect(renderQrCode(uri, { format: "png" })).toBe(renderQrCode(uri));
  expect(renderQrCode(uri, { format: "svg" })).toMatch(/^data:image\/svg\+xml,/);
});

test("drawing with options that were resolved before gives the same", () => {
  for (const format of ["png", "svg"] as const) {
    const options = { format, moduleSize: 6, margin: 5, errorCorrection: "Q" } as const;
    expect(renderQrCodeUrl(uri, options)).toBe(renderQrCode(uri, options));
  }
});

test.each([
  ["", "INVALID_OPTION", 'text: expected a non-empty string, got "" (string).'],
  [undefined, "MISSING_OPTION", "text: expected a non-empty string, got undefined."],
  [null, "INVALID_OPTION", "text: expected a non-empty string, got null."],
  [42, "INVALID_OPTION", "text: expected a non-empty string, got 42 (number)."],
  [["a"], "INVALID_OPTION", "text: expected a non-empty string, got an array of 1 elements."],
])("the text %p is refused", (text, code, message) => {
  const error = thrownBy(() => renderQrCode(text as string));
  expect(error).toBeInstanceOf(TotpConfigError);
  expect(error).toMatchObject({ code, option: "text", message: message + seeErrors(code) });
});

test("a text that is too long is refused with what it needs, what there is, and what to do", () => {
  const tooLong = "a".repeat(2332);
  expect(thrownBy(() => renderQrCode(tooLong))).toMatchObject({
    code: "INVALID_OPTION",
    option: "text",
    message:
      "text: expected at most 2334 bytes, the capacity of a QR code with error correction M, " +
      `got a text that requires 2335 bytes. Shorten the text, or lower the option errorCorrection.${seeErrors()}`,
  });
  expect(renderQrCode(tooLong, { errorCorrection: "L" })).toMatch(/^data:/);
  expect(thrownBy(() => renderQrCode("a".repeat(3000), { errorCorrection: "L" })).message).toMatch(
    / Shorten the text\. See/,
  );
});

test("no error tells the text, which has the secret in it", () => {
  const long = otpauthUri("Acme", "x".repeat(3000), "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP");
  const error = thrownBy(() => renderQrCode(long)) as TotpConfigError;
  const told = [error.message, error.stack, error.expected, error.got, error.fix].join("\n");
  expect(told).not.toMatch(/JBSWY3DP|xxxx/);
});

test("the same text makes the same QR code, whatever was drawn in between", () => {
  const before = renderQrCode(uri);
  for (let length = 1; length < 400; length += 7) renderQrCode("x".repeat(length));
  expect(renderQrCode(uri)).toBe(before);
});
