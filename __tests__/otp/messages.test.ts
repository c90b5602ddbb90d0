// What a programmer reads who passed something wrong. None of it shows a secret.
import { createOtpauthUri, generateSecret, generateTotp, verifyTotp } from "express-totp-setup";
import { thrownBy } from "../helpers/thrown-by.js";

const secret = generateSecret();
const messageOf = (call: () => unknown) => thrownBy(call).message;

test.each([
  ["generateTotp", generateTotp],
  ["verifyTotp", verifyTotp],
  ["createOtpauthUri", createOtpauthUri],
])("%s is named if it gets no options", (name, call) => {
  expect(messageOf(() => Reflect.apply(call, undefined, []))).toContain(name);
});

test("a secret that cannot be decoded", () => {
  const expected = "unpadded upper-case base32 (A-Z, 2-7) of at least 10 bytes";
  expect(messageOf(() => generateTotp({ secret: "abc" }))).toContain(expected);
});

test("a name that the URI cannot hold", () => {
  const message = messageOf(() => createOtpauthUri({ secret, accountName: "a:b" }));
  expect(message).toContain("a non-blank string without ':' or control characters");
});

test("of a long name, its beginning", () => {
  const accountName = `${"a".repeat(80)}bc:`;
  const message = messageOf(() => createOtpauthUri({ secret, accountName }));
  expect(message).toContain(`"${"a".repeat(80)}" with a ':' at index 82`);
});

test("a window that is too wide", () => {
  const message = messageOf(() => verifyTotp({ secret, code: "123456", window: 11 }));
  expect(message).toContain("It counts time steps before and after the current one.");
});

test("a last used step that is none", () => {
  const lastUsedStep = "5" as unknown as number;
  const message = messageOf(() => verifyTotp({ secret, code: "123456", lastUsedStep }));
  expect(message).toContain("the return value of verifyTotp, an integer, or null");
});
