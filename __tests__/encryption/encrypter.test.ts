import { createDecipheriv } from "node:crypto";
import {
  createEncrypter,
  generateKey,
  TotpConfigError,
  TotpStateError,
  type UserId,
} from "express-totp-setup";
import fc from "fast-check";
import { seeErrors } from "../helpers/see-errors.js";
import { secretNo } from "../helpers/service.js";
import { thrownBy } from "../helpers/thrown-by.js";

const SECRET = secretNo(1);
const [OLD, NEW] = [
  { id: "2025", key: generateKey() },
  { id: "2026", key: generateKey() },
];
const encrypter = createEncrypter({ current: NEW, previous: [OLD] });
const ciphertext = encrypter.encrypt("ada", SECRET);

/** The error of a value that must not be decrypted, which says nothing of what is in it. */
function refusal(value: string, userId: UserId = "ada", by = encrypter): Error {
  const error = thrownBy(() => by.decrypt(userId, value));
  expect(error).toBeInstanceOf(TotpStateError);
  const told = `${error.message}\n${error.stack}\n${JSON.stringify(error)}\n${String(error.cause)}`;
  for (const secret of [SECRET, NEW.key, OLD.key]) expect(told).not.toContain(secret);
  return error;
}

test("a text comes out as it went in", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.string({ minLength: 1 }), (text, user) => {
      const userId = `user ${JSON.stringify(user)}`;
      expect(encrypter.decrypt(userId, encrypter.encrypt(userId, text))).toBe(text);
    }),
  );
  const long = "ж".repeat(100_000);
  expect(encrypter.decrypt("ada", encrypter.encrypt("ada", long))).toBe(long);
});

test("a ciphertext is AES-256-GCM of Node's own making, and can be decrypted without this library", () => {
  const [prefix, id, body = ""] = ciphertext.split(".");
  expect([prefix, id]).toEqual(["totp1", "2026"]);
  const bytes = Buffer.from(body, "base64url");
  const decipher = createDecipheriv(
    "aes-256-gcm",
    Buffer.from(NEW.key, "base64"),
    bytes.subarray(0, 12),
  );
  decipher.setAAD(Buffer.from("totp1.text.2026.ada")).setAuthTag(bytes.subarray(-16));
  const text = Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]);
  expect(text.toString()).toBe(SECRET);
});

test("the same text is never encrypted twice alike, and is not to be seen", () => {
  const values = Array.from({ length: 200 }, () => encrypter.encrypt("ada", SECRET));
  expect(new Set(values).size).toBe(200);
  expect(new Set(values.map((value) => value.slice(0, "totp1.2026.".length + 16))).size).toBe(200);
  for (const value of values) {
    expect(value).toMatch(/^totp1\.2026\.[\w-]+$/);
    expect(Buffer.from(value.split(".")[2] ?? "", "base64url").includes(SECRET)).toBe(false);
  }
});

test("a value of another user cannot be decrypted", () => {
  for (const other of ["eve", "Ada", "ada ", "ad", "adaa", 1, 1n]) {
    expect(refusal(ciphertext, other).message).toMatch(
      /was changed, or belongs to another user or purpose\./,
    );
  }
});

test("an id is the same user whatever type it comes in", () => {
  expect(encrypter.decrypt("7", encrypter.encrypt(7, "text"))).toBe("text");
  expect(encrypter.decrypt(7n, encrypter.encrypt("7", "text"))).toBe("text");
});

test("ids of user and key cannot be pushed into each other", () => {
  const key = generateKey();
  const one = createEncrypter({ current: { id: "a", key } });
  const two = createEncrypter({ current: { id: "a-b", key } });
  const moved = one.encrypt("b.ada", SECRET).replace("totp1.a.", "totp1.a-b.");
  refusal(moved, "ada", two);
  refusal(moved, "b.ada", two);
});

test("a value that was cut at any length cannot be decrypted", () => {
  for (let length = 0; length < ciphertext.length; length++) refusal(ciphertext.slice(0, length));
  for (let start = 1; start < ciphertext.length; start++) refusal(ciphertext.slice(start));
});

test("a value of which any character was changed cannot be decrypted", () => {
  for (let i = 0; i < ciphertext.length; i++) {
    for (const character of ["A", "B", "_", "-", ".", "=", "+", " ", "\n", "é", "\0"]) {
      if (ciphertext[i] !== character)
        refusal(ciphertext.slice(0, i) + character + ciphertext.slice(i + 1));
    }
  }
});

test("a value with anything added cannot be decrypted", () => {
  for (const more of ["A", "AAAA", "=", "==", " ", "\n", ".", ".A", "\0"]) {
    refusal(ciphertext + more);
    refusal(more + ciphertext);
  }
});

test("a value whose bytes are flipped, nonce, text or tag, cannot be decrypted", () => {
  const [, , body = ""] = ciphertext.split(".");
  const bytes = Buffer.from(body, "base64url");
  for (let i = 0; i < bytes.length; i++) {
    const flipped = Buffer.from(bytes);
    flipped.writeUInt8(flipped.readUInt8(i) ^ 1, i);
    refusal(`totp1.2026.${flipped.toString("base64url")}`);
  }
});

test("the error says whether a value is no ciphertext, is damaged, or belongs elsewhere", () => {
  const problem = (value: string, userId?: UserId) => refusal(value, userId).message;
  const body = ciphertext.slice("totp1.2026.".length);
  for (const other of ["", body, `totp2.2026.${body}`, `${ciphertext}.A`]) {
    expect(problem(other)).toMatch(/^The stored TOTP value is not a ciphertext\. See/);
  }
  for (const short of ["totp1", "totp1.2026", `totp1.2026.${"A".repeat(36)}`, `${ciphertext}=`]) {
    expect(problem(short)).toMatch(/^The stored TOTP value was truncated or changed\. See/);
  }
  const elsewhere = "The stored TOTP value was changed, or belongs to another user or purpose";
  expect(problem(ciphertext, "eve")).toContain(elsewhere);
  // A nonce and a tag, and nothing between them.
  expect(problem(`totp1.2026.${Buffer.alloc(28).toString("base64url")}`)).toContain(elsewhere);
});

test("an empty text comes out as it went in", () => {
  expect(encrypter.decrypt("ada", encrypter.encrypt("ada", ""))).toBe("");
});

test("a value under another key of the same id cannot be decrypted", () => {
  refusal(ciphertext, "ada", createEncrypter({ current: { id: "2026", key: generateKey() } }));
});

test("a value whose key id was changed to that of another key cannot be decrypted", () => {
  refusal(ciphertext.replace("2026", "2025"));
});

test("a value under an unknown key names the key, and nothing that is no key's name", () => {
  const stranger = createEncrypter({ current: { id: "1999", key: generateKey() } });
  expect(refusal(stranger.encrypt("ada", SECRET)).message).toBe(
    `The stored TOTP value is encrypted with a key that is not configured (id 1999). Add that key to previous.${seeErrors("UNREADABLE_STATE")}`,
  );
  for (const id of [`${SECRET}${SECRET}`, "a\nforged log line", "", "x".repeat(5000)]) {
    expect(refusal(`totp1.${id}.AAAA`).message).toMatch(
      /^The stored TOTP value was truncated or changed\. See \S+$/,
    );
  }
  refusal("totp1.__proto__.AAAA");
  refusal("totp1.constructor.AAAA");
});

test("what was encrypted under a previous key can be decrypted, and is encrypted again under the current one", () => {
  const before = createEncrypter({ current: OLD });
  const old = before.encrypt("ada", SECRET);
  expect(encrypter.decrypt("ada", old)).toBe(SECRET);
  expect(encrypter.encrypt("ada", SECRET)).toMatch(/^totp1\.2026\./);
  refusal(ciphertext, "ada", before);
});

test.each([undefined, null, 5, true, {}, [ciphertext], Buffer.from(ciphertext)])(
  "what is no text, %p, is a programmer's mistake",
  (value) => {
    for (const [name, call] of [
      ["text", () => encrypter.encrypt("ada", value as string)],
      ["ciphertext", () => encrypter.decrypt("ada", value as string)],
    ] as const) {
      const error = thrownBy(call);
      expect(error).toBeInstanceOf(TotpConfigError);
      const code = value === undefined ? "MISSING_OPTION" : "INVALID_OPTION";
      expect(error).toMatchObject({ code, option: name, expected: "a string" });
    }
  },
);

test.each([undefined, null, "", " ", 1.5, {}, "a\n"])("so is a user id %p", (id) => {
  const userId = id as string;
  expect(thrownBy(() => encrypter.encrypt(userId, "text"))).toMatchObject({ option: "userId" });
  expect(thrownBy(() => encrypter.decrypt(userId, ciphertext))).toMatchObject({ option: "userId" });
});
