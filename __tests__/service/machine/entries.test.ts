import { addEntry, findByHash } from "../../../lib/service/machine/entries.js";
import { START } from "../../helpers/service.js";

const entry = (hash: string, seconds = 60) => ({ hash, expiresAt: START + seconds * 1000 });
const hashes = (entries: readonly { hash: string }[]) => entries.map(({ hash }) => hash);

test("the oldest make room, and those that have expired", () => {
  const some = [entry("a"), entry("b", 0), entry("c")];
  expect(hashes(addEntry(some, entry("d"), 10, START))).toEqual(["a", "c", "d"]);
  expect(hashes(addEntry(some, entry("d"), 2, START))).toEqual(["c", "d"]);
  expect(hashes(addEntry(undefined, entry("d"), 2, START))).toEqual(["d"]);
});

test("an entry that was written before is replaced", () => {
  const again = entry("a", 90);
  expect(addEntry([entry("a"), entry("b")], again, 10, START)).toEqual([entry("b"), again]);
});

test("an entry is found until the last millisecond, and by its whole hash", () => {
  const [first, second] = [entry("ab", 0.001), entry("cd")];
  expect(findByHash([first, second], "ab", START)).toBe(first);
  expect(findByHash([first, second], "ab", START + 1)).toBeUndefined();
  for (const hash of ["a", "abc", "", undefined]) {
    expect(findByHash([first, second], hash, START)).toBeUndefined();
  }
  expect(findByHash(undefined, "ab", START)).toBeUndefined();
});
