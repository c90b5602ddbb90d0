import { generateBackupCodes } from "../../../lib/service/machine/backup-codes.js";
import { readTypedCode } from "../../../lib/service/machine/typed-code.js";

const totp = { kind: "totp", code: "123456" };
const three = { kind: "three_codes", codes: "123456234567345678" };
const backup = { kind: "backup_code", code: "7M2QX0ZK4TBH9E1R" };

describe("a TOTP code is read", () => {
  test.each([
    ["as it is shown", "123456"],
    ["in two groups", "123 456"],
    ["with a hyphen", "123-456"],
    ["with other hyphens", "12\u201034\u201356"],
    ["with no-break and wide spaces", "\u00a0123\u202f\u3000456"],
    ["with white space around it", "\t 123456\r\n"],
    ["with a zero-width space", "123\u200b456"],
    ["with a left-to-right mark", "\u200e123456\u200e"],
    ["with a soft hyphen and a byte order mark", "\ufeff123\u00ad456"],
    ["in full-width digits", "１２３４５６"],
    ["in full-width digits and others", "１２３ 456"],
    ["in 128 characters", "123456".padStart(128)],
  ])("%s", (_, typed) => {
    expect(readTypedCode(typed, 6)).toEqual(totp);
  });

  test("in as many digits as the enrollment has", () => {
    expect(readTypedCode("1234 5678", 8)).toEqual({ kind: "totp", code: "12345678" });
    expect(readTypedCode("123456", 8)).toBeUndefined();
    expect(readTypedCode("12345678", 6)).toBeUndefined();
  });
});

describe("three codes are read", () => {
  test.each([
    ["with spaces", "123456 234567 345678"],
    ["without anything between them", "123456234567345678"],
    ["on three lines", "123456\n234567\n345678\n"],
    ["with spaces in each", "123 456 - 234 567 - 345 678"],
    ["in full-width digits", "１２３４５６ ２３４５６７ ３４５６７８"],
  ])("%s", (_, typed) => {
    expect(readTypedCode(typed, 6)).toEqual(three);
  });

  test("of eight digits", () => {
    const codes = "123456782345678934567890";
    expect(readTypedCode(codes, 8)).toEqual({ kind: "three_codes", codes });
  });

  test("and two or four are not", () => {
    expect(readTypedCode("123456 234567", 6)).toBeUndefined();
    expect(readTypedCode("123456 234567 345678 ".repeat(2), 6)).toBeUndefined();
  });
});

describe("a backup code is read", () => {
  test.each([
    ["as it is shown", "7M2Q-X0ZK-4TBH-9E1R"],
    ["without hyphens", "7M2QX0ZK4TBH9E1R"],
    ["in lower case", "7m2q-x0zk-4tbh-9e1r"],
    ["with spaces", " 7M2Q X0ZK 4TBH 9E1R "],
    ["with dashes in other places", "7-M-2-Q-X—0ZK4TBH9E1R"],
    ["with other white space and hyphens", "\t7M2Q\u00a0-\u2003X0ZK\u2013 4TBH \u2011 9E1R\r\n"],
    ["with letters for digits", "7M2Q-XOZK-4TBH-9EIR"],
    ["with an invisible character", "7M2Q-X0ZK-\u200b4TBH-9E1R"],
    ["with full-width digits", "７M２Q-X０ZK-４TBH-９E１R"],
  ])("%s", (_, typed) => {
    expect(readTypedCode(typed, 6)).toEqual(backup);
    expect(readTypedCode(typed, 8)).toEqual(backup);
  });

  test.each([16, 20, 24, 28] as const)("of %i characters, and never for another code", (length) => {
    for (const code of generateBackupCodes(20, length).codes) {
      for (const digits of [6, 8]) {
        const kind = { kind: "backup_code", code: code.replaceAll("-", "") };
        expect(readTypedCode(code, digits)).toEqual(kind);
      }
    }
  });
});

describe("no code is read from", () => {
  test.each<[string, unknown]>([
    ["nothing", ""],
    ["spaces", "   "],
    ["five digits", "12345"],
    ["seven digits", "1234567"],
    ["letters", "abc"],
    ["Arabic digits", "١٢٣٤٥٦"],
    ["Devanagari digits", "१२३४५६"],
    ["mathematical digits", "\u{1d7ce}23456"],
    ["a sign between digits", "123.456"],
    ["a minus in front", "\u2212123456"],
    ["a code and a word", "code 123456"],
    ["hexadecimal digits", "0x123f"],
    ["a NUL", "123456\0"],
    ["undefined", undefined],
    ["null", null],
    ["a number", 123_456],
    ["an object", {}],
    ["an array", ["123456"]],
    ["an object that is written like a code", { toString: () => "123456" }],
  ])("%s", (_, typed) => {
    expect(readTypedCode(typed, 6)).toBeUndefined();
  });

  test.each([129, 4096])("a code in %i characters, which are not looked at", (length) => {
    expect(readTypedCode("123456".padStart(length), 6)).toBeUndefined();
    const replace = jest.spyOn(String.prototype, "replace");
    readTypedCode("\u200b".repeat(length), 6);
    expect(replace).not.toHaveBeenCalled();
    replace.mockRestore();
  });
});
