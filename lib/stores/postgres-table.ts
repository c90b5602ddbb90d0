import { changedOne, type Query, textOf } from "./postgres-statement.js";
import { indexName, retryOn, type TableStore, type TableTarget } from "./sql.js";

/** Errors of `IF NOT EXISTS` if two run at once: unique_violation, duplicate_table, duplicate_object. */
const MADE_AT_ONCE = ["23505", "42P07", "42710"];

/** The store in its own table. */
export function postgresTable(query: Query, { table }: TableTarget): TableStore {
  const { ddl, index, read, insert, update, remove } = ownTableSql(table);

  async function get(userId: string): Promise<string | undefined> {
    return textOf(await query(read, [userId]));
  }

  return {
    get,
    async compareAndSet(userId, expected, next, { expiresAt, isEnabled = false } = {}) {
      const expiry = expiresAt?.getTime() ?? null;
      if (next === undefined) {
        if (expected === undefined) return (await get(userId)) === undefined;
        return changedOne(await query(remove, [userId, expected]));
      }
      const values = [userId, next, expiry, isEnabled];
      if (expected === undefined) return changedOne(await query(insert, values));
      return changedOne(await query(update, [...values, expected]));
    },
    async createTable() {
      for (const sql of [ddl, index]) await retryOn(MADE_AT_ONCE, () => query(sql, []));
      return `${ddl};\n${index}`;
    },
  };
}

function ownTableSql(table: string) {
  // Not now(), which stands still in a transaction.
  const isLive = "(expires_at IS NULL OR expires_at > clock_timestamp())";
  return {
    // The collation "C" compares bytes, whatever the collation of the database.
    ddl: `CREATE TABLE IF NOT EXISTS ${table} (
  user_id text COLLATE "C" PRIMARY KEY,
  value text COLLATE "C" NOT NULL,
  is_enabled boolean NOT NULL,
  expires_at timestamptz
)`,
    // For reports about who has TOTP on. An index is created in the schema of its table.
    index: `CREATE INDEX IF NOT EXISTS ${indexName(table).name} ON ${table} (is_enabled)`,
    read: `SELECT value FROM ${table} WHERE user_id = $1 AND ${isLive}`,
    insert: `INSERT INTO ${table} AS old (user_id, value, expires_at, is_enabled)
VALUES ($1, $2, to_timestamp($3::float8 / 1000), $4)
ON CONFLICT (user_id) DO UPDATE SET
  value = excluded.value, expires_at = excluded.expires_at, is_enabled = excluded.is_enabled
WHERE old.expires_at <= clock_timestamp()`,
    update: `UPDATE ${table} SET value = $2, expires_at = to_timestamp($3::float8 / 1000), is_enabled = $4
WHERE user_id = $1 AND value = $5 AND ${isLive}`,
    remove: `DELETE FROM ${table} WHERE user_id = $1 AND value = $2 AND ${isLive}`,
  };
}
