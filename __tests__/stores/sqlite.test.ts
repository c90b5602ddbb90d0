import { createSqliteStore } from "express-totp-setup/sqlite";
import { refusesClient } from "../helpers/engines/sql-options.js";
import { findBetterSqlite } from "../helpers/engines/sqlite.js";
import { testSqliteStore } from "../helpers/engines/sqlite-suite.js";
import { recordNotTested } from "../helpers/not-tested.js";

const open = findBetterSqlite();
if (!open)
  recordNotTested("SQLite (`npm run sqlite` installs better-sqlite3)", "the store in SQLite");

(open ? describe : describe.skip)("the store in SQLite, by better-sqlite3", () => {
  if (open) testSqliteStore(open);
});

test.each([undefined, null, "password.db", {}, { prepare: 1 }])("refuses the database %j", (db) => {
  refusesClient(() => createSqliteStore(db as never), /^db: expected a database.+new Database/);
});
