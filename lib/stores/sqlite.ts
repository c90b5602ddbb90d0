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
 * Creates a store in SQLite, for all processes of one machine. It stores the values in its own table or, with the
 * option `column`, in a nullable text column of the app's users table. Calls are synchronous, and take 10 to 100 µs.
 *
 * If several processes share the file, turn on write-ahead logging (`PRAGMA journal_mode = WAL`), and let a write wait
 * for another one: `better-sqlite3` does so by default, and `node:sqlite` requires `PRAGMA busy_timeout = 5000`. With
 * `PRAGMA synchronous = FULL`, a used code stays used after a power failure; `better-sqlite3` has a weaker default with
 * write-ahead logging.
 *
 * Expired values count as absent. Their rows remain until they are replaced or deleted:
 * `DELETE FROM totp_states WHERE expires_at <= unixepoch() * 1000`.
 *
 * @param db - A database of `better-sqlite3`, or a `DatabaseSync` of `node:sqlite`.
 * @throws `TotpConfigError` if the database or an option is invalid. The store's methods throw the errors of the
 *   driver.
 * @example
 * ```ts
 * import Database from "better-sqlite3";
 *
 * const db = new Database("app.db"); // or new DatabaseSync("app.db") of node:sqlite
 * db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
 * const store = createSqliteStore(db);
 * store.createTable();
 * const totp = createTotpService({ store, issuer: "Acme" });
 * ```
 * @example In a column of the users table (ALTER TABLE users ADD COLUMN totp TEXT)
 * ```ts
 * import Database from "better-sqlite3";
 *
 * const db = new Database("app.db");
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
  // The package sqlite3, and its wrapper, the package sqlite.
  if (hasMethods(db, "each")) {
    const fix = "Use better-sqlite3 or node:sqlite, whose calls are synchronous.";
    const got = "a database of sqlite3, which uses callbacks";
    rejectLookAlike("db", "a database of better-sqlite3 or node:sqlite", got, fix);
  }
  // Not double quotes: if there is no such column, SQLite can treat them as a string.
  const target = resolveSqlTarget(options, STORE, "`");
  const prepared = new Map<string, SqliteStatement>();
  const prepare: Prepare = (sql) => {
    const statement = prepared.get(sql) ?? db.prepare(sql);
    prepared.set(sql, statement);
    return statement;
  };
  return target.column === undefined ? sqliteTable(prepare, target) : sqliteColumn(prepare, target);
}
