// As row-shapes.test.ts, for the drivers of SQLite.
import { createSqliteStore, type SqliteDatabase } from "express-totp-setup/sqlite";
import { findBetterSqlite, findNodeSqlite } from "../helpers/engines/sqlite.js";
import { failsToRead, refuses, VALUE } from "../helpers/row-shapes.js";

const betterSqlite = findBetterSqlite();

describe("the store in SQLite", () => {
  /** How an app may have set better-sqlite3 up for all of its statements. */
  const modes = { raw: /got an array/, pluck: /got a string of/, expand: /the keys totp_states/ };

  (betterSqlite ? test : test.skip).each(Object.entries(modes))(
    "throws when better-sqlite3 is in the mode %s",
    async (mode, message) => {
      const db = betterSqlite?.(":memory:") as SqliteDatabase;
      const sound = createSqliteStore(db);
      sound.createTable();
      await sound.compareAndSet("ada", undefined, VALUE);
      const prepare = (sql: string) => {
        const statement = db.prepare(sql) as unknown as Record<string, () => never>;
        return sql.startsWith("SELECT") ? statement[mode]?.() : (statement as never);
      };
      await failsToRead(
        createSqliteStore({ prepare } as unknown as SqliteDatabase),
        "ada",
        message,
      );
    },
  );

  const open = betterSqlite ?? findNodeSqlite();

  (open ? test : test.skip)(
    "throws when the column holds no text, or two rows one id",
    async () => {
      const db = open?.(":memory:");
      db?.exec("CREATE TABLE users (id TEXT, totp)");
      db?.exec("INSERT INTO users VALUES ('ada', x'00'), ('bob', 7), ('eve', NULL), ('eve', 'v')");
      const store = createSqliteStore(db as SqliteDatabase, { table: "users", column: "totp" });
      await failsToRead(store, "ada", /the user's string, or null, got 1 bytes/);
      await failsToRead(store, "bob", /got a number/);
      await failsToRead(store, "eve", /got 2 rows/);
    },
  );

  test("throws when a write returns no count", () => {
    const statement = { all: () => [], run: () => Promise.resolve() };
    const store = createSqliteStore({ prepare: () => statement } as never);
    expect(() => store.compareAndSet("ada", undefined, VALUE)).toThrow(/or 1 row, got undefined/);
  });

  // It downloads a binary when it is installed; these are the methods that its documentation names.
  test("refuses a database of sqlite3", () => {
    const names = ["prepare", "run", "get", "all", "each", "exec", "serialize", "parallelize"];
    const db = Object.fromEntries(names.map((name) => [name, () => db]));
    refuses(() => createSqliteStore(db as never), "Use better-sqlite3 or node:sqlite");
  });
});
