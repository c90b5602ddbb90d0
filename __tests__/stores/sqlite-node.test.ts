import { findNodeSqlite } from "../helpers/engines/sqlite.js";
import { testSqliteStore } from "../helpers/engines/sqlite-suite.js";

const open = findNodeSqlite();

if (open) {
  describe("the store in SQLite, by node:sqlite", () => testSqliteStore(open));
} else {
  test("node:sqlite is missing only before Node 22.13", () => {
    const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
    expect(major < 22 || (major === 22 && minor < 13)).toBe(true);
  });
}
