import { createSqliteStore } from "express-totp-setup/sqlite";
import { findNodeSqlite } from "../helpers/engines/sqlite.js";
import { testSqliteStore } from "../helpers/engines/sqlite-suite.js";
import { failsToRead, VALUE } from "../helpers/row-shapes.js";

const open = findNodeSqlite();
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);

if (open) {
  describe("the store in SQLite, by node:sqlite", () => testSqliteStore(open));
} else {
  test("node:sqlite is missing only before Node 22.13", () => {
    expect(major < 22 || (major === 22 && minor < 13)).toBe(true);
  });
}

// The option came with Node 24.
if (open && major >= 24) {
  test("throws when node:sqlite returns rows as arrays", async () => {
    const db = open(":memory:", { returnArrays: true });
    const store = createSqliteStore(db);
    store.createTable();
    expect(store.compareAndSet("ada", undefined, VALUE)).toBe(true);
    await failsToRead(store, "ada", /^createSqliteStore: .+ got an array of 1 elements\. Turn off/);
  });
}
