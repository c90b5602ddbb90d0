import { hasMethods, rejectClient, rejectLookAlike } from "./client.js";
import { mysqlColumn } from "./mysql-column.js";
import { type Execute, STORE } from "./mysql-statement.js";
import { mysqlTable } from "./mysql-table.js";
import {
  type OwnTableOptions,
  resolveSqlTarget,
  retryOn,
  type TableStore,
  type UserColumnOptions,
} from "./sql.js";
import type { TotpStore } from "./store.js";

export type { OwnTableOptions, TableStore, UserColumnOptions };

/**
 * The client of {@link createMysqlStore}: a pool of `mysql2/promise`.
 *
 * @example
 * ```ts
 * import { createPool } from "mysql2/promise";
 *
 * const pool: MysqlClient = createPool({ uri: process.env.MYSQL_URL });
 * const store = createMysqlStore(pool);
 * ```
 */
export interface MysqlClient {
  /** Runs a prepared statement, and resolves to its rows or its result header. */
  execute(sql: string, values: (string | number | null)[]): PromiseLike<[unknown, ...unknown[]]>;
}

/** A deadlock, which inserts and deletions of one row can cause in InnoDB, and a conflict of MariaDB's snapshots. */
const GAVE_WAY = ["ER_LOCK_DEADLOCK", "ER_CHECKREAD"];

/**
 * Creates a store in MySQL or MariaDB that uses the app's own pool of `mysql2/promise`. It stores the values in its own
 * table or, with the option `column`, in a nullable TEXT column of the app's users table (a VARCHAR can be too short).
 * Pass the pool, not a connection within a transaction: if the app rolls the write back, an accepted code works again.
 *
 * Expired values count as absent, by the clock of the database. Their rows remain until they are replaced or deleted:
 * `DELETE FROM totp_states WHERE expires_at <= UNIX_TIMESTAMP() * 1000`.
 *
 * @param pool - A pool of `mysql2/promise`.
 * @throws `TotpConfigError` if the pool or an option is invalid. The store's methods reject with the errors of
 *   `mysql2`.
 * @example
 * ```ts
 * import { createPool } from "mysql2/promise";
 *
 * const pool = createPool({ uri: process.env.MYSQL_URL });
 * const store = createMysqlStore(pool);
 * await store.createTable();
 * const totp = createTotpService({ store, issuer: "Acme" });
 * ```
 * @example In a column of the users table (ALTER TABLE users ADD COLUMN totp TEXT)
 * ```ts
 * import { createPool } from "mysql2/promise";
 *
 * const pool = createPool({ uri: process.env.MYSQL_URL });
 * const store = createMysqlStore(pool, { table: "users", column: "totp" });
 * ```
 */
export function createMysqlStore(pool: MysqlClient, options: UserColumnOptions): TotpStore;
export function createMysqlStore(pool: MysqlClient, options?: OwnTableOptions): TableStore;
export function createMysqlStore(
  pool: MysqlClient,
  options: OwnTableOptions | UserColumnOptions = {},
): TotpStore {
  // The callback pools of mysql2 have the same methods, and one more.
  if (!hasMethods(pool, "execute") || hasMethods(pool, "promise")) {
    const fix = "Import createPool from mysql2/promise, or pass pool.promise().";
    rejectClient("pool", "a pool of mysql2/promise", pool, fix);
  }
  if (hasMethods(pool, "batch")) {
    const fix = "Use createPool of mysql2/promise, which also works with MariaDB.";
    const got = "a pool or connection of the mariadb connector";
    rejectLookAlike("pool", "a pool of mysql2/promise", got, fix);
  }
  const target = resolveSqlTarget(options, STORE, "`");
  const execute: Execute = async (sql, values) =>
    (await retryOn(GAVE_WAY, () => pool.execute(sql, values)))?.[0];
  return target.column === undefined ? mysqlTable(execute, target) : mysqlColumn(execute, target);
}
