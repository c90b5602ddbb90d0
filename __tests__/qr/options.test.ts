import { TotpConfigError } from "../../lib/base/errors.js";
import { nested, resolveOptions } from "../../lib/base/options.js";
import { QR_CODE_OPTIONS, type QrCodeOptions } from "../../lib/qr/options.js";
import { renderQrCode } from "../../lib/qr/render.js";
import { seeErrors } from "../helpers/see-errors.js";
import { thrownBy } from "../helpers/thrown-by.js";

const resolve = (options: object) => resolveOptions("options", QR_CODE_OPTIONS, options);

const DEFAULTS = { format: "png", moduleSize: 4, margin: 4, errorCorrection: "M" };

test("every option has a default", () => {
  expect(resolve({})).toEqual(DEFAULTS);
  const undefinedEach = { format: undefined, moduleSize: undefined, margin: undefined };
  expect(resolve(undefinedEach)).toEqual(DEFAULTS);
});

test("what is given is kept", () => {
  const given = { format: "svg", moduleSize: 20, margin: 20, errorCorrection: "H" } as const;
  expect(resolve(given)).toEqual(given);
});

test.each([
  [{ format: "PNG" }, 'format: expected "png" or "svg", got "PNG" (string).'],
  [
    { moduleSize: 3 },
    "moduleSize: expected an integer from 4 to 20, got 3 (number). It is in pixels.",
  ],
  [
    { moduleSize: "4" },
    'moduleSize: expected an integer from 4 to 20, got "4" (string). It is in pixels.',
  ],
  [
    { margin: 3 },
    "margin: expected an integer from 4 to 20, got 3 (number). It is in modules, not in pixels.",
  ],
  [
    { margin: 4.5 },
    "margin: expected an integer from 4 to 20, got 4.5 (number). It is in modules, not in pixels.",
  ],
  [
    { errorCorrection: "X" },
    'errorCorrection: expected "L" or "M" or "Q" or "H", got "X" (string).',
  ],
])("%j is refused", (options, message) => {
  const error = thrownBy(() => renderQrCode("text", options as QrCodeOptions));
  expect(error).toBeInstanceOf(TotpConfigError);
  expect(error).toMatchObject({
    code: "INVALID_OPTION",
    message: message + seeErrors(),
  });
});

test.each([
  ["moduleSize", [4, 20], [3, 21, Number.NaN, Number.POSITIVE_INFINITY, -4]],
  ["margin", [4, 20], [3, 21, 0, Number.NaN]],
])("%s goes from 4 to 20", (name, allowed, refused) => {
  for (const value of allowed) {
    expect(resolve({ [name]: value })).toMatchObject({ [name]: value });
  }
  for (const value of refused) expect(() => resolve({ [name]: value })).toThrow(name);
});

test("an unknown option is rejected, and the error suggests the one that was meant", () => {
  const error = thrownBy(() => renderQrCode("text", { modulesize: 5 } as QrCodeOptions));
  expect(error).toMatchObject({ code: "UNKNOWN_OPTION", option: "modulesize" });
  expect(error.message).toBe(
    "modulesize: unknown option. Did you mean moduleSize? Expected one of the options format, " +
      `moduleSize, margin, errorCorrection.${seeErrors("UNKNOWN_OPTION")}`,
  );
});

test.each([null, "svg", 4, [], () => {}])("options have to be an object, not %p", (options) => {
  const error = thrownBy(() => renderQrCode("text", options as QrCodeOptions));
  expect(error).toMatchObject({ code: "INVALID_OPTION", option: "options" });
  expect(error.message).toMatch(/^options: expected an object of options, got /);
});

test("as part of other options, they are named with these", () => {
  const check = nested(QR_CODE_OPTIONS);
  const refused = (options: unknown) => () => check("qrCode", options);
  expect(thrownBy(refused({ margin: 0 })).message).toMatch(/^qrCode\.margin: /);
  expect(thrownBy(refused({ size: 0 })).message).toMatch(/^qrCode\.size: /);
  expect(thrownBy(refused(7)).message).toMatch(/^qrCode: expected an object of options/);
});
