import { readClock } from "../../lib/base/clock.js";
import { TotpConfigError } from "../../lib/base/errors.js";

test("a clock tells milliseconds or a Date", () => {
  expect(readClock(() => 59_000)).toBe(59_000);
  expect(readClock(() => 59_000.5)).toBe(59_000.5);
  expect(readClock(() => new Date(59_000))).toBe(59_000);
  expect(readClock(() => 0)).toBe(0);
  expect(readClock(() => new Date(8.64e15))).toBe(8.64e15);
});

test.each<[string, unknown]>([
  ["null, which is 0 as a number", null],
  ["true, which is 1 as a number", true],
  ["a string of digits", "59000"],
  ["an array with one number", [59_000]],
  ["undefined", undefined],
  ["NaN", Number.NaN],
  ["a Date that is none", new Date(Number.NaN)],
  ["a time before 1970", -1],
  ["Infinity", Number.POSITIVE_INFINITY],
  ["a time past all Dates, where adding 1 to a time step would not change it", 1e24],
  ["a promise", Promise.resolve(59_000)],
])("a clock that tells %s stops the call", (_, told) => {
  expect(() => readClock(() => told as number)).toThrow(TotpConfigError);
  expect(() => readClock(() => told as number)).toThrow(/^now: expected /);
});
