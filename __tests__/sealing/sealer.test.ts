import { createDecipheriv } from "node:crypto";
import {
  createSealer,
  generateKey,
  TotpConfigError,
  TotpStateError,
  type UserId,
} from "express-totp-setup";
import fc from "fast-check";
import { secretNo } from "../helpers/service.js";
import { thrownBy } from "../helpers/thrown-by.js";

const SECRET = secretNo(1);
const [OLD, NEW] = [
  { id: "2025", key: generateKey() },
  { id: "2026", key: generateKey() },
];
const sealer = createSealer({ current: NEW, previous: [OLD] });
const sealed = sealer.seal("ada", SECRET);

/** The error of a value that must not open, which says nothing of what is in it. */
function refusal(value: string, userId: UserId = "ada", by = sealer): Error {
  const error = thrownBy(() => by.open(userId, value));
  expect(error).toBeInstanceOf(TotpStateError);
  const told = `${error.message}\n${error.stack}\n${JSON.stringify(error)}\n${String(error.cause)}`;
  for (const secret of [SECRET, NEW.key, OLD.key]) expect(told).not.toContain(secret);
  return error;
}

test("a text comes out as it went in", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.string({ minLength: 1 }), (text, user) => {
      const userId = `user ${JSON.stringify(user)}`;
      expect(sealer.open(userId, sealer.seal(userId, text))).toBe(text);
    }),
  );
  const long = "ж".repeat(100_000);
  expect(sealer.open("ada", sealer.seal("ada", long))).toBe(long);
});

test("what is sealed is AES-256-GCM of Node's own making, and can be opened without this library", () => {
  const [prefix, id, body = ""] = sealed.split(".");
  expect([prefix, id]).toEqual(["sealed1", "2026"]);
  const bytes = Buffer.from(body, "base64url");
  const decipher = createDecipheriv(
    "aes-256-gcm",
    Buffer.from(NEW.key, "base64"),
    bytes.subarray(0, 12),
  );
  decipher.setAAD(Buffer.from("sealed1.2026.ada")).setAuthTag(bytes.subarray(-16));
  const text = Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]);
  expect(text.toString()).toBe(SECRET);
});

test("the same text is never sealed twice alike, and is not to be seen", () => {
  const values = Array.from({ length: 200 }, () => sealer.seal("ada", SECRET));
  expect(new Set(values).size).toBe(200);
  expect(new Set(values.map((value) => value.slice(0, "sealed1.2026.".length + 16))).size).toBe(
    200,
  );
  for (const value of values) {
    expect(value).toMatch(/^sealed1\.2026\.[\w-]+$/);
    expect(Buffer.from(value.split(".")[2] ?? "", "base64url").includes(SECRET)).toBe(false);
  }
});

test("a value of another user does not open", () => {
  for (const other of ["eve", "Ada", "ada ", "ad", "adaa", 1, 1n]) {
    expect(refusal(sealed, other).message).toMatch(/was changed, or belongs to another user$/);
  }
});

test("an id is the same user whatever type it comes in", () => {
  expect(sealer.open("7", sealer.seal(7, "text"))).toBe("text");
  expect(sealer.open(7n, sealer.seal("7", "text"))).toBe("text");
});

test("ids of user and key cannot be pushed into each other", () => {
  const key = generateKey();
  const one = createSealer({ current: { id: "a", key } });
  const two = createSealer({ current: { id: "a-b", key } });
  const moved = one.seal("b.ada", SECRET).replace("sealed1.a.", "sealed1.a-b.");
  refusal(moved, "ada", two);
  refusal(moved, "b.ada", two);
});

test("a value that was cut at any length does not open", () => {
  for (let length = 0; length < sealed.length; length++) refusal(sealed.slice(0, length));
  for (let start = 1; start < sealed.length; start++) refusal(sealed.slice(start));
});

test("a value of which any character was changed does not open", () => {
  for (let i = 0; i < sealed.length; i++) {
    for (const character of ["A", "B", "_", "-", ".", "=", "+", " ", "\n", "é", "\0"]) {
      if (sealed[i] !== character) refusal(sealed.slice(0, i) + character + sealed.slice(i + 1));
    }
  }
});

test("a value with anything added does not open", () => {
  for (const more of ["A", "AAAA", "=", "==", " ", "\n", ".", ".A", "\0"]) {
    refusal(sealed + more);
    refusal(more + sealed);
  }
});

test("a value whose bytes are flipped, nonce, text or tag, does not open", () => {
  const [, , body = ""] = sealed.split(".");
  const bytes = Buffer.from(body, "base64url");
  for (let i = 0; i < bytes.length; i++) {
    const flipped = Buffer.from(bytes);
    flipped.writeUInt8(flipped.readUInt8(i) ^ 1, i);
    refusal(`sealed1.2026.${flipped.toString("base64url")}`);
  }
});

test("a value under another key of the same id does not open", () => {
  refusal(sealed, "ada", createSealer({ current: { id: "2026", key: generateKey() } }));
});

test("a value whose key id was changed to that of another key does not open", () => {
  refusal(sealed.replace("2026", "2025"));
});

test("a value under an unknown key names the key, and nothing that is no key's name", () => {
  const stranger = createSealer({ current: { id: "1999", key: generateKey() } });
  expect(refusal(stranger.seal("ada", SECRET)).message).toBe(
    "The stored TOTP value is sealed under a key that is not given (id 1999)",
  );
  for (const id of [`${SECRET}${SECRET}`, "a\nforged log line", "", "x".repeat(5000)]) {
    expect(refusal(`sealed1.${id}.AAAA`).message).toBe("The stored TOTP value was cut or changed");
  }
  refusal("sealed1.__proto__.AAAA");
  refusal("sealed1.constructor.AAAA");
});

test("what was sealed under a previous key opens, and is sealed anew under the current one", () => {
  const before = createSealer({ current: OLD });
  const old = before.seal("ada", SECRET);
  expect(sealer.open("ada", old)).toBe(SECRET);
  expect(sealer.seal("ada", SECRET)).toMatch(/^sealed1\.2026\./);
  refusal(sealed, "ada", before);
});

test.each([undefined, null, 5, true, {}, [sealed], Buffer.from(sealed)])(
  "what is no text, %p, is a programmer's mistake",
  (value) => {
    for (const [name, call] of [
      ["text", () => sealer.seal("ada", value as string)],
      ["sealed", () => sealer.open("ada", value as string)],
    ] as const) {
      const error = thrownBy(call);
      expect(error).toBeInstanceOf(TotpConfigError);
      expect(error).toMatchObject({ option: name });
    }
  },
);

test.each([undefined, null, "", " ", 1.5, {}, "a\n"])("so is a user id %p", (id) => {
  const userId = id as string;
  expect(thrownBy(() => sealer.seal(userId, "text"))).toMatchObject({ option: "userId" });
  expect(thrownBy(() => sealer.open(userId, sealed))).toMatchObject({ option: "userId" });
});
