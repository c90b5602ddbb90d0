import { hasMethods, rejectClient, rejectLookAlike } from "./client.js";
import { type OwnTableOptions, resolveSqlTarget, type UserColumnOptions } from "./sql.js";
import { sqliteColumn } from "./sqlite-column.js";
import {
  type Prepare,
  type SqliteDatabase,
  type SqliteStatement,
  STORE,
} from "./sqlite-statement.js";
import { type SqliteStore, sqliteTable } from "./sqlite-table.js";
import type { TotpStore } from "./store.js";

export type { OwnTableOptions, SqliteDatabase, SqliteStatement, SqliteStore, UserColumnOptions };

/**
 * Makes a store in SQLite, for all processes of one machine. It keeps the values in a table of its own,
 * or, with the option `column`, in one nullable text column of the app's table of users. Calls are
 * synchronous, and take some 10 to 100 µs.
 *
 * Where several processes share the file, turn on write-ahead logging (`PRAGMA journal_mode = WAL`) and let
 * a write wait for another one: `better-sqlite3` does by default, `node:sqlite` needs
 * `PRAGMA busy_timeout = 5000`. `PRAGMA synchronous = FULL` is what keeps an accepted code accepted after a
 * power failure; `better-sqlite3` has less by default once write-ahead logging is on.
 *
 * What has expired counts as absent, and its row stays until it is replaced or deleted:
 * `DELETE FROM totp_states WHERE expires_at <= unixepoch() * 1000`.
 *
 * @throws {@link TotpConfigError} where the database or an option cannot be used. The store's methods throw
 *   the errors of the driver.
 * @example
 * ```ts
 * const db = new Database("app.db"); // of better-sqlite3; new DatabaseSync("app.db") of node:sqlite
 * db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
 * const store = createSqliteStore(db);
 * store.createTable();
 * const totp = createTotpService({ store, issuer: "Acme" });
 * ```
 * @example In a column: `ALTER TABLE users ADD COLUMN totp TEXT`
 * ```ts
 * const store = createSqliteStore(db, { table: "users", column: "totp" });
 * ```
 */
export function createSqliteStore(db: SqliteDatabase, options: UserColumnOptions): TotpStore;
export function createSqliteStore(db: SqliteDatabase, options?: OwnTableOptions): SqliteStore;
export function createSqliteStore(
  db: SqliteDatabase,
  options: OwnTableOptions | UserColumnOptions = {},
): TotpStore {
  if (!hasMethods(db, "prepare")) {
    const fix = 'Pass new Database("app.db") or new DatabaseSync("app.db").';
    rejectClient("db", "a database of better-sqlite3 or node:sqlite", db, fix);
  }
  // The package sqlite3, and the package sqlite around it.
  if (hasMethods(db, "each")) {
    const fix = "Use better-sqlite3 or node:sqlite, whose calls are synchronous.";
    const got = "a database of sqlite3, which works with callbacks";
    rejectLookAlike("db", "a database of better-sqlite3 or node:sqlite", got, fix);
  }
  // Not double quotes: where there is no such column SQLite may read them as a text.
  const target = resolveSqlTarget(options, STORE, "`");
  const prepared = new Map<string, SqliteStatement>();
  const prepare: Prepare = (sql) => {
    const statement = prepared.get(sql) ?? db.prepare(sql);
    prepared.set(sql, statement);
    return statement;
  };
  return target.column === undefined ? sqliteTable(prepare, target) : sqliteColumn(prepare, target);
}
