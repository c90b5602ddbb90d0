import { DEFAULT_TEXTS, mergeTexts } from "../../lib/pages/texts.js";
import { problemNotice } from "../../lib/pages/views/problem.js";

test.each([
  [1, "1 minute"],
  [60, "1 minute"],
  [61, "2 minutes"],
  [119 * 60, "119 minutes"],
  [119 * 60 + 1, "2 hours"],
  [2 * 3600, "2 hours"],
  [2 * 3600 + 1, "3 hours"],
])("%i seconds are shown as %s", (seconds, shown) => {
  expect(DEFAULT_TEXTS.lockedFor(seconds)).toBe(`Too many wrong codes. Try again in ${shown}.`);
  expect(DEFAULT_TEXTS.clockOff(seconds)).toContain(`about ${shown} ahead.`);
  expect(DEFAULT_TEXTS.clockOff(-seconds)).toContain(`about ${shown} behind.`);
});

test.each([
  [0, "0 backup codes left"],
  [1, "1 backup code left"],
  [2, "2 backup codes left"],
])("%i backup codes", (count, shown) => {
  expect(DEFAULT_TEXTS.backupCodesLeft(count)).toBe(shown);
});

test("a reason without a translation keeps its default text", () => {
  const { reasons } = mergeTexts({ reasons: { wrong_code: undefined as never, busy: "Später." } });
  expect(reasons).toEqual({ ...DEFAULT_TEXTS.reasons, busy: "Später." });
});

test("a reason that has no text is shown as a failure", () => {
  const notice = problemNotice(DEFAULT_TEXTS, { reason: "unheard_of" });
  expect(notice?.markup).toContain(">Something went wrong. Try again later.</p>");
});
