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

/** serialization_failure, where the app has raised the isolation level: another statement went first. */
const GAVE_WAY = ["40001"];

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
  return target.column === undefined ? postgresTable(query, target) : postgresColumn(query, target);
}
