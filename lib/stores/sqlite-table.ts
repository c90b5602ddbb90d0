import { indexName, type TableTarget } from "./sql.js";
import { changesOne, type Prepare, textOf } from "./sqlite-statement.js";
import type { TotpStore } from "./store.js";

/** A store over a table of its own. */
export interface SqliteStore extends TotpStore {
  /**
   * Makes the table where it does not exist. Any number of processes may call it at once.
   *
   * @returns the SQL that was run, for an app that has its own migrations.
   */
  createTable(): string;
}

/** The store over a table of its own. */
export function sqliteTable(prepare: Prepare, { table }: TableTarget): SqliteStore {
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
