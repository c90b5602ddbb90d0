import { describeKind, describeValue } from "../../lib/base/describe.js";

const SECRET = "QRZ2XSB5D5OQJ4LIUYBV2MIFN5JHTJ3N";

class UserRow {
  constructor(readonly token: string) {}
}

describe("describeKind names what a callback gave, without its content", () => {
  test.each<[unknown, string]>([
    [undefined, "undefined"],
    [null, "null"],
    ["", "an empty string"],
    ["ada", "a string of 3 characters"],
    [Number.NaN, "NaN (number)"],
    [1.5, "1.5 (number)"],
    [-7, "-7 (number)"],
    // A code that was read as a number.
    [123456, "an integer of 6 digits"],
    [-42, "an integer of 2 digits"],
    [true, "true (boolean)"],
    [12n, "a bigint"],
    [Symbol("s"), "a symbol"],
    [() => 1, "a function"],
    [[1, 2], "an array of 2 elements"],
    [Buffer.from("ada"), "3 bytes (Buffer)"],
    [{}, "an object without keys (Object)"],
    [new (class Session {})(), "an object without keys (Session)"],
    [Object.create(null), "an object without keys (no prototype)"],
    [{ rows: [], count: 0 }, "an object with the keys rows, count"],
    [
      Object.fromEntries([..."abcdefghij"].map((key) => [key, 1])),
      "an object with the keys a, b, c, d, e, f, g, h, …",
    ],
  ])("%p", (value, description) => {
    expect(describeKind(value)).toBe(description);
  });

  test.each<[string, unknown]>([
    ["a string", SECRET],
    ["an array", [SECRET]],
    ["a String object", new String(SECRET)],
    ["an object", { secret: SECRET }],
    ["an instance of a class", new UserRow(SECRET)],
    ["a Map", new Map([["secret", SECRET]])],
    ["an Error", new Error(SECRET)],
    ["a function", () => SECRET],
    ["a symbol", Symbol(SECRET)],
    ["bytes", Buffer.from(SECRET)],
  ])("%s with a secret in it", (_, value) => {
    expect(describeKind(value)).not.toMatch(/[A-Z2-7]{4}/);
  });
});

test.each<[unknown, string]>([
  ["scret", '"scret" (string)'],
  ["a\nb", '"a\\nb" (string)'],
  [8, "8 (number)"],
  [8n, "8 (bigint)"],
  [false, "false (boolean)"],
  [{ size: 4 }, "an object with the keys size"],
])("describeValue shows an option: %p", (value, description) => {
  expect(describeValue(value)).toBe(description);
});

test("describeValue cuts what is long", () => {
  expect(describeValue("x".repeat(5000))).toHaveLength('"" (string)'.length + 80);
});
