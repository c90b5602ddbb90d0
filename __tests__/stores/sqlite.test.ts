import { createSqliteStore } from "express-totp-setup/sqlite";
import { refusesClient } from "../helpers/engines/sql-options.js";
import { findBetterSqlite } from "../helpers/engines/sqlite.js";
import { testSqliteStore } from "../helpers/engines/sqlite-suite.js";

const open = findBetterSqlite();
if (!open) {
  const missing = "better-sqlite3 is not installed; `npm run sqlite` installs and compiles it";
  if (process.env.REQUIRE_ALL_TESTS) throw new Error(missing);
  process.stderr.write(`\nWARNING: ${missing}. Not tested with it: the store in SQLite\n`);
}

(open ? describe : describe.skip)("the store in SQLite, by better-sqlite3", () => {
  if (open) testSqliteStore(open);
});

test.each([undefined, null, "password.db", {}, { prepare: 1 }])("refuses the database %j", (db) => {
  refusesClient(() => createSqliteStore(db as never), /^db: expected a database.+new Database/);
});
