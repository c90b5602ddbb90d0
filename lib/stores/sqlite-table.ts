import { indexName, type TableTarget } from "./sql.js";
import { changesOne, type Prepare, textOf } from "./sqlite-statement.js";
import type { TotpStore } from "./store.js";

/**
 * A store in its own SQLite table. Its methods are synchronous.
 *
 * @example
 * ```ts
 * import Database from "better-sqlite3";
 *
 * const store: SqliteStore = createSqliteStore(new Database("app.db"));
 * console.log(store.createTable()); // CREATE TABLE IF NOT EXISTS …
 * ```
 */
export interface SqliteStore extends TotpStore {
  /**
   * Creates the table if it does not exist. Any number of processes can call it at the same time.
   *
   * @returns The SQL that was run, for apps with their own migrations.
   */
  createTable(): string;
}

/** The store in its own table. */
export function sqliteTable(prepare: Prepare, { table }: TableTarget): SqliteStore {
  // Not STRICT: versions before 3.37 cannot open a file with such a table.
  const ddl = `CREATE TABLE IF NOT EXISTS ${table} (
  user_id TEXT PRIMARY KEY NOT NULL,
  value TEXT NOT NULL,
  is_enabled INTEGER NOT NULL,
  expires_at INTEGER
)`;
  // For reports about who has TOTP on. In SQLite, the schema precedes the name of the index.
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
