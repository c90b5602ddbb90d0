import { hasMethods, rejectClient, rejectLookAlike } from "./client.js";
import { postgresColumn } from "./postgres-column.js";
import { type PostgresClient, type Query, STORE } from "./postgres-statement.js";
import { postgresTable } from "./postgres-table.js";
import {
  type OwnTableOptions,
  resolveSqlTarget,
  retryOn,
  type TableStore,
  type UserColumnOptions,
} from "./sql.js";
import type { TotpStore } from "./store.js";

export type { OwnTableOptions, PostgresClient, TableStore, UserColumnOptions };

/** serialization_failure, if the app has raised the isolation level. */
const GAVE_WAY = ["40001"];

/**
 * Creates a store in PostgreSQL that uses the app's own pool. It stores the values in its own table or, with the option
 * `column`, in a nullable text column of the app's users table. Pass the pool, not a client within a transaction: if
 * the app rolls the write back, an accepted code works again.
 *
 * Expired values count as absent, by the clock of the database. Their rows remain until they are replaced or deleted:
 * `DELETE FROM totp_states WHERE expires_at <= now()`.
 *
 * @param pool - A `Pool` of `pg`.
 * @throws `TotpConfigError` if the pool or an option is invalid. The store's methods reject with the errors of
 *   `pg`.
 * @example
 * ```ts
 * import { Pool } from "pg";
 *
 * const pool = new Pool({ connectionString: process.env.DATABASE_URL });
 * const store = createPostgresStore(pool);
 * await store.createTable();
 * const totp = createTotpService({ store, issuer: "Acme" });
 * ```
 * @example In a column of the users table (ALTER TABLE users ADD COLUMN totp text)
 * ```ts
 * import { Pool } from "pg";
 *
 * const pool = new Pool({ connectionString: process.env.DATABASE_URL });
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
  return target.column === undefined ? postgresTable(query, target) : postgresColumn(query, target);
}
