import { createSessionId, userOfSessionId } from "../../lib/service/session-id.js";
import { createRig } from "../helpers/service.js";

const TOKEN = "A".repeat(43);
const idOf = (type: string, text: string) =>
  `${type}${Buffer.from(text).toString("base64url")}.${TOKEN}`;

test.each(["ada", "7", "ünïcode 🦊", 7, -7, 0, 7n, -(2n ** 64n)])(
  "holds the user's id with its type: %p",
  (userId) => {
    expect(userOfSessionId(createSessionId(userId))).toBe(userId);
  },
);

test("is another each time", () => {
  expect(createSessionId("ada")).not.toBe(createSessionId("ada"));
});

test.each([
  ["an empty text", ""],
  ["another text", "session"],
  ["an id without a token", "sYWRh"],
  ["a token that is too short", `sYWRh.${TOKEN.slice(1)}`],
  ["another type", idOf("x", "ada")],
  ["a number that is none", idOf("n", "ada")],
  ["a number that is not safe", idOf("n", "9".repeat(20))],
  ["a fraction", idOf("n", "1.5")],
  ["a bigint that is none", idOf("b", "0x7")],
  ["a user id of spaces", idOf("s", "  ")],
  ["a user id with a control character", idOf("s", "a\0")],
  ["a text that is too long", idOf("s", "a".repeat(7000))],
  ["an id after another text", `x${idOf("s", "ada")}`],
  ["a token that is too long", `${idOf("s", "ada")}A`],
  ["a token alone", `.${TOKEN}`],
  ["no user id", idOf("s", "")],
  ["a number", 5],
  ["null", null],
  ["an array", [idOf("s", "ada")]],
])("%s is no session id, and nothing fails", async (_, sessionId) => {
  expect(userOfSessionId(sessionId)).toBeUndefined();
  const { totp } = createRig();
  const outcome = await totp.completeLogin(sessionId as string, "123456");
  expect(outcome).toEqual({ ok: false, reason: "unknown_session" });
  expect(await totp.findLogin(sessionId as string)).toBeUndefined();
});

test("can hold a user id of 6 KB, and not much more", () => {
  const longest = "a".repeat(6110);
  expect(createSessionId(longest).length).toBeLessThanOrEqual(8192);
  expect(userOfSessionId(createSessionId(longest))).toBe(longest);
  const long = createSessionId("a".repeat(6112));
  expect(long.length).toBeGreaterThan(8192);
  expect(userOfSessionId(long)).toBeUndefined();
});
