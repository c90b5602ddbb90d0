import { usableName } from "../../lib/otp/names.js";

test.each([
  ["a usual name", "ada@example.com", "ada@example.com"],
  ["white space around it", "  Ada Lovelace ", "Ada Lovelace"],
  ["letters of other scripts", " Ада ", "Ада"],
  ["a colon", "auth:42", "auth-42"],
  ["several colons", "a:b:c", "a-b-c"],
  ["control characters", "a\nb\tc\u0000d", "a b c d"],
  ["a control character before a usual name", "x\u0000ada", "x ada"],
  ["control characters around it", "\nada\r\n", "ada"],
  ["line and paragraph separators", "a\u2028b\u2029c", "a b c"],
  ["halves of a character", "a\ud800b\udc00c", "a b c"],
  ["nothing but what the URI cannot hold", "\n\u0000", ""],
  ["nothing", "", ""],
])("an account name with %s", (_, name, usable) => {
  expect(usableName(name)).toBe(usable);
});

describe("a long name is cut", () => {
  test.each([
    ["to 128 characters", "a".repeat(200), "a".repeat(128)],
    ["to 128 characters after what goes in front", `\n${"a".repeat(200)}`, "a".repeat(128)],
    [
      "so that it has 320 characters once it is encoded",
      `${"é".repeat(53)}aab`,
      `${"é".repeat(53)}aa`,
    ],
    ["between characters of two halves", "😀".repeat(30), "😀".repeat(26)],
    ["without white space at its new end", `${"é".repeat(52)}aaaaa bc`, `${"é".repeat(52)}aaaaa`],
  ])("%s", (_, name, usable) => {
    expect(usableName(name)).toBe(usable);
  });

  test("of 100 ASCII characters and of 128 nothing is", () => {
    for (const length of [100, 101, 128]) {
      expect(usableName("a".repeat(length))).toBe("a".repeat(length));
    }
  });
});
