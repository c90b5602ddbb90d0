import { hasMethods, rejectClient, rejectLookAlike } from "./client.js";
import { resultField, textOfRows, wroteOneRow } from "./results.js";
import {
  type ColumnTarget,
  indexName,
  type OwnTableOptions,
  resolveSqlTarget,
  type TableTarget,
  type UserColumnOptions,
} from "./sql.js";
import type { TotpStore } from "./store.js";

export type { OwnTableOptions, UserColumnOptions };

/** What is needed of a prepared statement. */
export interface SqliteStatement {
  all(...values: unknown[]): unknown[];
  run(...values: unknown[]): { changes: number | bigint };
}

/** What is needed of a database: those of `better-sqlite3` and `node:sqlite` have it. */
export interface SqliteDatabase {
  prepare(sql: string): SqliteStatement;
}

/** A store over a table of its own. */
export interface SqliteStore extends TotpStore {
  /**
   * Makes the table where it does not exist. Any number of processes may call it at once.
   *
   * @returns the SQL that was run, for an app that has its own migrations.
   */
  createTable(): string;
}

/** A statement is prepared at its first use, as its table may not exist before, and then kept. */
type Prepare = SqliteDatabase["prepare"];

const STORE = "createSqliteStore";

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
  return target.column === undefined ? ownTable(prepare, target) : userColumn(prepare, target);
}

function ownTable(prepare: Prepare, { table }: TableTarget): SqliteStore {
  // Not STRICT: versions before 3.37 cannot open a file with such a table in it.
  const ddl = `CREATE TABLE IF NOT EXISTS ${table} (
  user_id TEXT PRIMARY KEY NOT NULL,
  value TEXT NOT NULL,
  is_enabled INTEGER NOT NULL,
  expires_at INTEGER
)`;
  // To list who has TOTP on. SQLite takes the schema with the name of the index.
  const { schema, name, on } = indexName(table);
  const index = `CREATE INDEX IF NOT EXISTS ${schema}${name} ON ${on} (is_enabled)`;
  const isLive = "(expires_at IS NULL OR expires_at > ?)";
  const read = `SELECT value FROM ${table} WHERE user_id = ? AND ${isLive}`;
  const insert = `INSERT INTO ${table} (user_id, value, expires_at, is_enabled) VALUES (?, ?, ?, ?)
ON CONFLICT (user_id) DO UPDATE SET
  value = excluded.value, expires_at = excluded.expires_at, is_enabled = excluded.is_enabled
WHERE expires_at <= ?`;
  const update = `UPDATE ${table} SET value = ?, expires_at = ?, is_enabled = ?
WHERE user_id = ? AND value = ? AND ${isLive}`;
  const remove = `DELETE FROM ${table} WHERE user_id = ? AND value = ? AND ${isLive}`;

  const get = (userId: string) => textOf(prepare(read).all(userId, Date.now()));

  return {
    get,
    compareAndSet(userId, expected, next, { expiresAt, isEnabled } = {}) {
      const now = Date.now();
      const expiry = expiresAt?.getTime() ?? null;
      if (next === undefined) {
        if (expected === undefined) return get(userId) === undefined;
        return changesOne(prepare(remove).run(userId, expected, now));
      }
      const enabled = Number(isEnabled ?? false);
      return changesOne(
        expected === undefined
          ? prepare(insert).run(userId, next, expiry, enabled, now)
          : prepare(update).run(next, expiry, enabled, userId, expected, now),
      );
    },
    createTable() {
      for (const sql of [ddl, index]) prepare(sql).run();
      return `${ddl};\n${index}`;
    },
  };
}

function userColumn(
  prepare: Prepare,
  { table, column, userIdColumn, enabledColumn }: ColumnTarget,
): TotpStore {
  const read = `SELECT ${column} AS value FROM ${table} WHERE ${userIdColumn} = ?`;
  const setEnabled = enabledColumn ? `, ${enabledColumn} = ?` : "";
  const write = `UPDATE ${table} SET ${column} = ?${setEnabled}
WHERE ${userIdColumn} = ? AND ${column} COLLATE BINARY IS ?`;
  return {
    get: (userId) => textOf(prepare(read).all(userId)),
    compareAndSet(userId, expected, next, { isEnabled = false } = {}) {
      const enabled = enabledColumn ? [Number(next !== undefined && isEnabled)] : [];
      return changesOne(prepare(write).run(next ?? null, ...enabled, userId, expected ?? null));
    },
  };
}

function textOf(rows: unknown): string | undefined {
  return textOfRows(STORE, rows, "value");
}

function changesOne(result: unknown): boolean {
  return wroteOneRow(STORE, resultField(result, "changes"));
}
