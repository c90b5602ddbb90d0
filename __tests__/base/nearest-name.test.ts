import { nearestName } from "../../lib/base/nearest-name.js";

const KNOWN = ["authenticate", "savePendingSecret", "issuer", "path", "now", "onEvent", "onError"];

test.each([
  ["savePendingSecert", "savePendingSecret"],
  ["saveSecret", undefined],
  ["SavePendingSecret", "savePendingSecret"],
  ["savependingsecret", "savePendingSecret"],
  ["authentcate", "authenticate"],
  ["authorize", undefined],
  ["isuer", "issuer"],
  ["issuers", "issuer"],
  ["onevent", "onEvent"],
  ["onErorr", "onError"],
  ["onEror", "onError"],
  ["clock", undefined],
  ["", undefined],
  ["constructor", undefined],
  ["__proto__", undefined],
])("%s → %s", (name, meant) => {
  expect(nearestName(name, KNOWN)).toBe(meant);
});

test("of two names that are near, it is the nearer one", () => {
  expect(nearestName("onEvrnt", ["onError", "onEvent"])).toBe("onEvent");
});

test("a name of a megabyte is looked at only in its beginning", () => {
  expect(nearestName("x".repeat(1_000_000), KNOWN)).toBeUndefined();
});

test("nothing is near where nothing is known", () => {
  expect(nearestName("issuer", [])).toBeUndefined();
});
