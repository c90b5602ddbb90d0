import { randomBytes } from "node:crypto";
import {
  createEncrypter,
  type EncryptionKeys,
  generateKey,
  TotpConfigError,
} from "express-totp-setup";
import { thrownBy } from "../helpers/thrown-by.js";

const KEY = generateKey();
const current = { id: "one", key: KEY };

test("generateKey draws 32 bytes, in base64, each time others", () => {
  const keys = Array.from({ length: 50 }, generateKey);
  expect(new Set(keys).size).toBe(50);
  for (const key of keys) {
    expect(key).toMatch(/^[A-Za-z0-9+/]{43}=$/);
    expect(Buffer.from(key, "base64")).toHaveLength(32);
    expect(() => createEncrypter({ current: { id: "one", key } })).not.toThrow();
  }
});

test.each<[string, string | Uint8Array]>([
  ["base64", KEY],
  ["base64 without its padding", KEY.replace("=", "")],
  ["base64url", Buffer.from(KEY, "base64").toString("base64url")],
  ["a Buffer", Buffer.from(KEY, "base64")],
  ["a Uint8Array", new Uint8Array(Buffer.from(KEY, "base64"))],
])("a key may be %s", (_, key) => {
  const ciphertext = createEncrypter({ current }).encrypt("ada", "text");
  expect(createEncrypter({ current: { id: "one", key } }).decrypt("ada", ciphertext)).toBe("text");
});

test("a key that the app overwrites afterwards stays the key", () => {
  const key = randomBytes(32);
  const copy = Buffer.from(key);
  const encrypter = createEncrypter({ current: { id: "one", key } });
  key.fill(0);
  const ciphertext = encrypter.encrypt("ada", "text");
  expect(createEncrypter({ current: { id: "one", key: copy } }).decrypt("ada", ciphertext)).toBe(
    "text",
  );
});

const bytes = (length: number) => randomBytes(length);

describe.each<[string, unknown, string]>([
  ["nothing", undefined, "undefined"],
  ["null", null, "null"],
  ["an empty text", "", "an empty string"],
  ["AES-128's length", bytes(16), "16 bytes"],
  ["AES-192's length", bytes(24), "24 bytes"],
  ["a byte short", bytes(31), "31 bytes"],
  ["a byte long", bytes(33), "33 bytes"],
  ["a byte short in base64", bytes(31).toString("base64"), "31 bytes"],
  ["a byte long in base64", bytes(33).toString("base64"), "33 bytes"],
  ["hexadecimal", bytes(32).toString("hex"), "48 bytes"],
  ["32 letters", "abcdefghijklmnopqrstuvwxyzabcdef", "24 bytes"],
  ["a passphrase", "correct horse battery staple, and more of it", "a string of 44 characters"],
  ["base64 with a line break", `${KEY}\n`, "a string of 45 characters"],
  ["a number", 5, "5 (number)"],
  ["a list of numbers", [...bytes(32)], "an array of 32 elements"],
  ["an ArrayBuffer", new ArrayBuffer(32), "an object without keys (ArrayBuffer)"],
])("a key that is %s", (_, key, got) => {
  test.each([
    ["keys.current.key", { current: { id: "one", key } }],
    [
      "keys.previous[1].key",
      {
        current,
        previous: [
          { id: "two", key: KEY },
          { id: "three", key },
        ],
      },
    ],
  ])("is refused as %s, and not shown", (option, keys) => {
    const error = thrownBy(() => createEncrypter(keys as EncryptionKeys));
    expect(error).toBeInstanceOf(TotpConfigError);
    expect(error).toMatchObject({ option, got, expected: "32 bytes, or their base64" });
    if (typeof key === "string" && key !== "") expect(error.stack).not.toContain(key);
  });
});

test.each<[string, string | Uint8Array]>([
  ["zeros", new Uint8Array(32)],
  ["zeros in base64", Buffer.alloc(32).toString("base64")],
  ["one byte, over and over", Buffer.alloc(32, 0x61)],
  ["one byte in base64", Buffer.alloc(32, 0xff).toString("base64url")],
])("a key of %s is refused", (_, key) => {
  for (const keys of [
    { current: { id: "two", key } },
    { current, previous: [{ id: "two", key }] },
  ]) {
    const error = thrownBy(() => createEncrypter(keys));
    expect(error).toBeInstanceOf(TotpConfigError);
    expect(error.message).toMatch(
      /key: expected a random key, got the same byte throughout\. Generate one with generateKey\(\)\. See/,
    );
  }
});

test("for a key that is missing, nobody is told to generate another", () => {
  for (const key of [undefined, ""]) {
    const error = thrownBy(() => createEncrypter({ current: { id: "one", key: key as string } }));
    expect(error.message).toContain("Is its environment variable set?");
    expect(error.message).not.toContain("generateKey");
  }
  const none = thrownBy(() => createEncrypter({ current: { id: "one", key: new Uint8Array(0) } }));
  expect(none.message).toContain("got 0 bytes. Generate one with generateKey().");
  const short = thrownBy(() => createEncrypter({ current: { id: "one", key: "c2hvcnQ=" } }));
  expect(short.message).toContain("got 5 bytes. Generate one with generateKey().");
});

test.each([undefined, null, "", " ", "a.b", "a b", "ключ", "a".repeat(33), 2026, {}, "a\n"])(
  "an id %p is refused",
  (id) => {
    for (const keys of [{ current: { id, key: KEY } }, { current, previous: [{ id, key: KEY }] }]) {
      const error = thrownBy(() => createEncrypter(keys as EncryptionKeys));
      expect(error).toMatchObject({
        code: "INVALID_OPTION",
        option: expect.stringMatching(/\.id$/),
        expected: "1 to 32 letters, digits, - or _",
      });
      expect(error.message).not.toContain(KEY);
    }
  },
);

test.each(["a", "2026-11_b", "constructor", "__proto__", "-", "a".repeat(32)])(
  "an id %s will do",
  (id) => {
    const encrypter = createEncrypter({ current: { id, key: KEY } });
    expect(encrypter.decrypt("ada", encrypter.encrypt("ada", "text"))).toBe("text");
  },
);

test("two keys of one id are refused", () => {
  for (const previous of [
    [current],
    [
      { id: "two", key: KEY },
      { id: "two", key: KEY },
    ],
  ]) {
    const error = thrownBy(() => createEncrypter({ current, previous }));
    expect(error).toMatchObject({
      option: expect.stringMatching(/^keys\.previous\[\d\]\.id$/),
      expected: "an id that no other key has",
      got: "a duplicate",
    });
  }
});

test("previous keys that are no list are refused as what they are", () => {
  const keys = { current, previous: "keys" as unknown as [] };
  const expected = "keys.previous: expected an array of keys, got a string of 4 characters.";
  expect(thrownBy(() => createEncrypter(keys)).message).toContain(expected);
});

test.each<[string, unknown, string]>([
  ["nothing", undefined, "createEncrypter"],
  ["a key alone", KEY, "createEncrypter"],
  ["no current key", {}, "keys.current"],
  ["a current key that is a text", { current: KEY }, "keys.current"],
  ["previous keys that are no list", { current, previous: current }, "keys.previous"],
  ["a previous key that is a text", { current, previous: [KEY] }, "keys.previous[0]"],
  ["an unknown option", { current, acceptPlaintext: false }, "acceptPlaintext"],
  ["an unknown part of a key", { current: { ...current, kid: 1 } }, "keys.current.kid"],
])("%s is refused", (_, keys, option) => {
  const error = thrownBy(() => createEncrypter(keys as EncryptionKeys));
  expect(error).toBeInstanceOf(TotpConfigError);
  expect(error).toMatchObject({ option });
  expect(error.message).not.toContain(KEY);
});
