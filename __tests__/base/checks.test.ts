import {
  callback,
  integerBetween,
  oneOf,
  optionsObject,
  rejectUnknownOptions,
} from "../../lib/base/checks.js";
import { TotpConfigError } from "../../lib/base/errors.js";
import { seeErrors } from "../helpers/see-errors.js";
import { thrownBy } from "../helpers/thrown-by.js";

describe("integerBetween", () => {
  const check = integerBetween(16, 64, "Ask for 16 bytes at least.");

  test("takes both ends", () => {
    expect(check("secretBytes", 16)).toBe(16);
    expect(check("secretBytes", 64)).toBe(64);
  });

  test.each([15, 65, 20.5, Number.NaN, Number.POSITIVE_INFINITY, "20", 20n, [20], null, {}])(
    "refuses %p",
    (value) => {
      expect(thrownBy(() => check("secretBytes", value))).toMatchObject({
        code: "INVALID_OPTION",
        option: "secretBytes",
        expected: "an integer from 16 to 64",
        fix: "Ask for 16 bytes at least.",
      });
    },
  );

  test("says in one sentence what was expected, what was given and how to mend it", () => {
    expect(thrownBy(() => check("secretBytes", 8)).message).toBe(
      `secretBytes: expected an integer from 16 to 64, got 8 (number). Ask for 16 bytes at least.${seeErrors()}`,
    );
  });
});

describe("oneOf", () => {
  test("takes only the values themselves", () => {
    const check = oneOf([6, 8]);
    expect(check("digits", 8)).toBe(8);
    for (const value of ["6", 7, true, [6], null, Number.NaN]) {
      expect(thrownBy(() => check("digits", value))).toMatchObject({ expected: "6 or 8" });
    }
  });

  test("takes nothing from the prototype of an object", () => {
    expect(() => oneOf(["SHA1"])("algorithm", "constructor")).toThrow(TotpConfigError);
  });
});

test("a callback is a function; a missing one is told from a wrong one", () => {
  const check = callback<() => void>("(event) => void");
  const onEvent = () => {};
  expect(check("onEvent", onEvent)).toBe(onEvent);
  expect(thrownBy(() => check("onEvent", undefined))).toMatchObject({ code: "MISSING_OPTION" });
  expect(thrownBy(() => check("onEvent", "log"))).toMatchObject({
    code: "INVALID_OPTION",
    expected: "a function (event) => void",
    got: '"log" (string)',
  });
});

describe("options", () => {
  test.each([undefined, null, "options", 5, true, [], () => ({})])("%p are none", (value) => {
    expect(() => optionsObject(value, "verifyTotp")).toThrow(
      /^verifyTotp: expected an object of options, got /,
    );
  });

  test("a string in their place is not shown, as it may be a secret", () => {
    const { message } = thrownBy(() => optionsObject("QRZ2XSB5D5OQJ4LI", "verifyTotp"));
    expect(message).toBe(
      `verifyTotp: expected an object of options, got a string of 16 characters.${seeErrors()}`,
    );
  });

  test.each<[string, object]>([
    ["without a prototype", Object.assign(Object.create(null), { issuer: "Acme" })],
    ["inherited", Object.create({ issuer: "Acme" })],
    ["of a class", new (class Options {})()],
  ])("an object %s will do", (_, value) => {
    expect(optionsObject(value, "verifyTotp")).toBe(value);
    expect(() => rejectUnknownOptions(value, ["issuer"])).not.toThrow();
  });

  test("an unknown one is refused, with the name that was probably meant", () => {
    expect(thrownBy(() => rejectUnknownOptions({ isuer: "Acme" }, ["issuer"]))).toMatchObject({
      code: "UNKNOWN_OPTION",
      option: "isuer",
      got: "an unknown option",
      expected: "one of the options issuer",
      fix: "Did you mean issuer?",
    });
  });

  test("names of Object's own properties are unknown too", () => {
    for (const name of ["constructor", "toString", "hasOwnProperty"]) {
      expect(() => rejectUnknownOptions({ [name]: 1 }, ["issuer"])).toThrow(TotpConfigError);
    }
    expect(() => rejectUnknownOptions(JSON.parse('{"__proto__":1}'), ["issuer"])).toThrow(
      /^__proto__: /,
    );
  });

  test("one inside another is named with both", () => {
    expect(thrownBy(() => rejectUnknownOptions({ size: 4 }, ["format"], "qrCode."))).toMatchObject({
      option: "qrCode.size",
      fix: undefined,
    });
  });
});
