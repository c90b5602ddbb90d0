import { hasMethods, rejectClient, rejectLookAlike } from "./client.js";
import { resultField, textOfRows, wroteOneRow } from "./results.js";
import {
  type ColumnTarget,
  indexName,
  type OwnTableOptions,
  resolveSqlTarget,
  retryOn,
  type TableStore,
  type TableTarget,
  type UserColumnOptions,
} from "./sql.js";
import type { TotpStore } from "./store.js";

export type { OwnTableOptions, TableStore, UserColumnOptions };

/** What is needed of a client: `Pool` and `Client` of `pg` have it. */
export interface PostgresClient {
  query(text: string, values: unknown[]): PromiseLike<{ rows: unknown[]; rowCount: number | null }>;
}

type Query = PostgresClient["query"];

const STORE = "createPostgresStore";

/** serialization_failure, where the app has raised the isolation level: another statement went first. */
const GAVE_WAY = ["40001"];
/** What `IF NOT EXISTS` fails with when two run it at once: unique_violation, duplicate_table, duplicate_object. */
const MADE_AT_ONCE = ["23505", "42P07", "42710"];

/**
 * Makes a store in PostgreSQL, over the app's own pool. It keeps the values in a table of its own, or,
 * with the option `column`, in one nullable text column of the app's table of users. Give it the pool, not
 * a client within a transaction: a write that is rolled back later has not happened, and a code that was
 * accepted by it would be accepted again.
 *
 * What has expired counts as absent, by the clock of the database, and its row stays until it is replaced
 * or deleted: `DELETE FROM totp_states WHERE expires_at <= now()`.
 *
 * @throws {@link TotpConfigError} where the pool or an option cannot be used. The store's methods reject
 *   with the errors of `pg`.
 * @example
 * ```ts
 * const pool = new Pool({ connectionString: process.env.DATABASE_URL });
 * const store = createPostgresStore(pool);
 * await store.createTable();
 * const totp = createTotpService({ store, issuer: "Acme" });
 * ```
 * @example In a column: `ALTER TABLE users ADD COLUMN totp text`
 * ```ts
 * const store = createPostgresStore(pool, { table: "users", column: "totp" });
 * ```
 */
export function createPostgresStore(pool: PostgresClient, options: UserColumnOptions): TotpStore;
export function createPostgresStore(pool: PostgresClient, options?: OwnTableOptions): TableStore;
export function createPostgresStore(
  pool: PostgresClient,
  options: OwnTableOptions | UserColumnOptions = {},
): TotpStore {
  if (!hasMethods(pool, "query")) {
    rejectClient("pool", "a Pool of pg", pool, "Pass new Pool({ connectionString }).");
  }
  if (hasMethods(pool, "oneOrNone")) {
    const fix = "Pass db.$pool, which is the Pool of pg that pg-promise uses.";
    rejectLookAlike("pool", "a Pool of pg", "a database of pg-promise", fix);
  }
  const target = resolveSqlTarget(options, STORE, '"');
  const query: Query = (text, values) => retryOn(GAVE_WAY, () => pool.query(text, values));
  return target.column === undefined ? ownTable(query, target) : userColumn(query, target);
}

function ownTable(query: Query, { table }: TableTarget): TableStore {
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
  // Of the clock, not of the transaction: now() stands still in a transaction.
  const isLive = "(expires_at IS NULL OR expires_at > clock_timestamp())";
  return {
    // The collation "C" tells all texts apart, whatever the collation of the database.
    ddl: `CREATE TABLE IF NOT EXISTS ${table} (
  user_id text COLLATE "C" PRIMARY KEY,
  value text COLLATE "C" NOT NULL,
  is_enabled boolean NOT NULL,
  expires_at timestamptz
)`,
    // To list who has TOTP on. An index goes to the schema of its table.
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

function userColumn(
  query: Query,
  { table, column, userIdColumn, enabledColumn }: ColumnTarget,
): TotpStore {
  // PostgreSQL reads $1 as the type of the id column, so that its index serves; a cast of the column would
  // not. The cast of the value, to compare, undoes what citext and collations hold equal.
  const read = `SELECT ${column}::text AS value FROM ${table} WHERE ${userIdColumn} = $1`;
  const setEnabled = enabledColumn ? `, ${enabledColumn} = $4` : "";
  const write = `UPDATE ${table} SET ${column} = $3${setEnabled}
WHERE ${userIdColumn} = $1 AND ${column}::text COLLATE "C" IS NOT DISTINCT FROM $2`;

  return {
    async get(userId) {
      return textOf(await query(read, [userId]));
    },
    async compareAndSet(userId, expected, next, { isEnabled = false } = {}) {
      const values = [userId, expected ?? null, next ?? null];
      const enabled = enabledColumn ? [next !== undefined && isEnabled] : [];
      return changedOne(await query(write, [...values, ...enabled]));
    },
  };
}

function textOf(result: unknown): string | undefined {
  return textOfRows(STORE, resultField(result, "rows"), "value");
}

function changedOne(result: unknown): boolean {
  return wroteOneRow(STORE, resultField(result, "rowCount"));
}
